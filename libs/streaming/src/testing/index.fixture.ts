export * from './task.fixture';
export * from './written-state.fixture';
