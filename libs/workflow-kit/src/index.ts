export * from './commands';
export * from './fact';
export * from './joins';
export * from './run';
export * from './run-context';
export * from './words';
