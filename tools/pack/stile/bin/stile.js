#!/usr/bin/env node
require('../apps/cli/dist/main.js');
