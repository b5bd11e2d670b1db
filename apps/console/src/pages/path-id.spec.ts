import { idInPath } from './path-id';

it.each([
  ['/turns/T1', 'T1'],
  ['/turns/a%2Fb%20%25', 'a/b %'],
  ['/turns/%3Cscript%3E', '<script>'],
  ['/turns/100%', '100%'],
  ['/turns/T1/more', 'T1'],
])('the id in %s is %j', (path, id) => {
  expect(idInPath('/turns/', path)).toBe(id);
});
