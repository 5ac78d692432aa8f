export * from './clock';
export * from './engine';
export * from './ladder';
export * from './outcome';
export * from './rows';
