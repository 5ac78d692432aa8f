export * from './commands';
export * from './fact';
export * from './run';
export * from './run-context';
export * from './words';
