export * from '@stile/local-postgres';
