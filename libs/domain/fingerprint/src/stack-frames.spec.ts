import { createErrorFingerprints } from './error-fingerprint';
import { topFrames } from './stack-frames';

const python = (root: string, line: number, inner = 'charge') => `Traceback (most recent call last):
  File "${root}/app/main.py", line ${line}, in handle
    return run(x)
  File "${root}/lib/python3.1${line % 3}/site-packages/pay/client.py", line ${line + 7}, in ${inner}
    raise Declined(code)
pay.errors.Declined: card ${line}`;

const js = (
  root: string,
  line: number,
  hash: string,
  inner = 'Cart.total',
) => `TypeError: Cannot read properties of undefined (reading 'id')
    at ${inner} (${root}/dist/cart.${hash}.js:${line}:17)
    at async handle (file://${root}/node_modules/web@${line}.0.1/server.js:${line}:3)
    at ${root}/index.js:${line}:1
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;

const java = (line: number, proxy: string, cause = 'Pool.take') => `javax.servlet.ServletException: wrapped
	at org.acme.web.Servlet.service(Servlet.java:${line})
	at org.acme.web.Servlet$$EnhancerBySpringCGLIB$$${proxy}.service(<generated>)
	... 12 more
Caused by: java.sql.SQLTimeoutException: no connection after ${line} ms
	at org.acme.db.${cause}(Pool.java:${line + 1})
	at java.base/java.lang.Thread.run(Thread.java:83${line % 10})
	... 9 more`;

const go = (root: string, line: number, pointer: string, inner = 'Load') => `panic: runtime error: index out of range

goroutine ${line} [running]:
panic({0x${pointer}, 0xc000})
	/usr/local/go/src/runtime/panic.go:884 +0x212
main.(*Store).${inner}(0x${pointer}, {0x1, 0x2})
	${root}/store/store.go:${line} +0x1d
main.main.func${line}()
	${root}/main.go:${line + 2} +0x${pointer}`;

describe('top frames', () => {
  it.each([
    ['Python, the last first', python('/srv', 3), ['client.py charge', 'main.py handle']],
    ['JavaScript', js('/srv', 3, '4f3a2b1c'), ['cart.js Cart.total', 'server.js handle', 'index.js ']],
    ['the JVM, of the cause', java(3, 'a1b2'), ['org.acme.db.Pool.take', 'java.lang.Thread.run']],
    ['Go, without the panic itself', go('/src', 3, 'c00012'), ['store.go main.(*Store).Load', 'main.go main.main.func']],
    [
      'Python, of the last raised error',
      `${python('/a', 1, 'first')}\n\nDuring handling of the above exception, another exception occurred:\n\n${python('/a', 2, 'second')}`,
      ['client.py second', 'main.py handle'],
    ],
    ['nothing', 'no stack here', []],
  ])('of %s', (_, stack, frames) => expect(topFrames(stack, 3)).toEqual(frames));

  it('are found in bounded time', () => {
    for (const piece of ['at ', 'at a(', 'File "', '(', 'a.b/', '\tx.go:1 '])
      expect(topFrames(piece.repeat(200_000), 3).length).toBeLessThanOrEqual(3);
  });
});

describe('a fingerprint with a stack', () => {
  const fingerprint = createErrorFingerprints();
  const of = (stack: string, message = 'failed'): string => fingerprint({ type: 'X', message, stack, tool: '' });
  it.each([
    ['Python', python('/srv/v1', 3), python('/home/x/v2', 14)],
    ['JavaScript', js('/srv/app-1', 3, '4f3a2b1c'), js('/opt/b', 99, '0d1e2f3a')],
    ['the JVM', java(3, 'a1b2'), java(204, 'ffe0')],
    ['Go', go('/src/a@v1.2.0', 3, 'c00012'), go('/build', 77, 'c0ffee')],
  ])('of %s is the same across machines, lines, versions and pointers', (_, a, b) => expect(of(a)).toBe(of(b)));
  it.each([
    ['Python', python('/srv', 3), python('/srv', 3, 'refund')],
    ['JavaScript', js('/srv', 3, '4f3a2b1c'), js('/srv', 3, '4f3a2b1c', 'Cart.add')],
    ['the JVM', java(3, 'a1b2'), java(3, 'a1b2', 'Pool.open')],
    ['Go', go('/src', 3, 'c0'), go('/src', 3, 'c0', 'Save')],
  ])('of %s differs with the function', (_, a, b) => expect(of(a)).not.toBe(of(b)));
  it('is the same whether or not the message repeats the type', () => expect(of('', 'X: no route')).toBe(of('', 'no route')));
  it('differs with the words of the message', () => expect(of('', 'no route')).not.toBe(of('', 'no answer')));
});
