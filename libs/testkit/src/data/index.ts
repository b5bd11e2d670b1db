export { testData } from './test-data';
