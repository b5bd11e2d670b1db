export { searchFiles } from './search-files';
