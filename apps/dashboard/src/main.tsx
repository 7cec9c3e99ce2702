import { render } from 'preact';
import { App } from './shell/app';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/machines.css';
import './styles/machine.css';
import './styles/graph.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
