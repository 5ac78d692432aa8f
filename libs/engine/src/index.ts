export * from './clock';
export * from './engine';
export * from './ladder';
export * from './operations';
export * from './outbox';
export * from './outcome';
export * from './reminders';
export * from './rows';
