/** Vite makes a file of them. */
declare module '*.css';
