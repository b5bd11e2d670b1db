const MAX_LINES = 400;
const MAX_LINE_CHARS = 300;

// One pattern per language. Bounded classes, no nested quantifiers: linear.
const PYTHON = /^\s*File "([^"]+)", line \d+(?:, in (.+))?$/;
const V8 = /^\s*at (?:async )?(?:new )?(?:(.+?) \()?([^()]+?):\d+(?::\d+)?\)?$/;
const JVM = /^\s*at (?:[\w.@-]+\/{1,2})*([\w.$<>/]+)\(([^):]*)(?::\d+)?\)/;
const GO_PLACE = /^\s+(\S+\.go):\d+/;
const GO_CALL = /^(?:created by )?([\w./*()@%~-]+?)(?:\((?:\.\.\.|0x|\{|[\w, .?]*\)|\)).*)?(?: in goroutine \d+)?$/;

/** Starts the trace of another error: on the JVM the cause comes last, in Python the error that was raised last. */
const JVM_CAUSE = /^\s*Caused by: /;
const PYTHON_START = /^\s*(?:Traceback \(most recent call last\):|During handling of |The above exception )/;

/** The file name without folders, which differ between machines and versions, and without the hash of a bundle. */
function fileName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).replace(/\?.*$/, '');
  return name.replace(/[.-](?=[0-9a-f]*\d)[0-9a-f]{6,40}(?=\.)/i, '').replace(/-\d+(?:\.\d+)+(?=\.)/, '');
}

/** A function name without numbers added by a compiler or proxy. */
const callName = (name: string): string =>
  name
    .replace(/\$\$(?:Lambda|EnhancerBy\w+|FastClassBy\w+|SpringCGLIB)\$.*$/, '$$$$')
    .replace(/\$\d+/g, '$')
    .replace(/lambda\$(\w+)\$$/, '$1')
    .replace(/\.func\d+(?:\.\d+)*/g, '.func')
    .replace(/@v[\d.]+/g, '')
    .replace(/ \[as [^\]]*\]$/, '');

const isOfRuntime = (call: string, path: string): boolean =>
  path.startsWith('node:') ||
  path.startsWith('internal/') ||
  call.startsWith('runtime.') ||
  call === 'panic' ||
  call.startsWith('java.base/');

/** The innermost `count` frames of a Python, JavaScript, JVM or Go stack, innermost first. */
export function topFrames(stack: string, count: number): string[] {
  const lines = stack.split('\n', MAX_LINES);
  let frames: string[] = [];
  let python = false;
  let call = '';
  for (const whole of lines) {
    const line = whole.length > MAX_LINE_CHARS ? whole.slice(0, MAX_LINE_CHARS) : whole.trimEnd();
    if (JVM_CAUSE.test(line) || PYTHON_START.test(line)) {
      frames = [];
      continue;
    }
    const [frame, isPython] = readFrame(line, call);
    if (frame !== '') {
      python ||= isPython;
      frames.push(frame);
    }
    call = GO_CALL.exec(line)?.[1] ?? '';
  }
  return python ? frames.slice(-count).reverse() : frames.slice(0, count);
}

function readFrame(line: string, callBefore: string): readonly [frame: string, python: boolean] {
  const python = PYTHON.exec(line);
  if (python) return [`${fileName(python[1] ?? '')} ${python[2] ?? ''}`, true];
  const go = GO_PLACE.exec(line);
  if (go) return [isOfRuntime(callBefore, '') ? '' : `${fileName(go[1] ?? '')} ${callName(callBefore)}`, false];
  const jvm = JVM.exec(line);
  if (jvm && !/[/\\]/.test(jvm[2] ?? '') && !/\.[cm]?[jt]sx?$/.test(jvm[2] ?? '')) return [callName(jvm[1] ?? ''), false];
  const v8 = V8.exec(line);
  if (v8) return [isOfRuntime('', v8[2] ?? '') ? '' : `${fileName(v8[2] ?? '')} ${callName(v8[1] ?? '')}`, false];
  return ['', false];
}
