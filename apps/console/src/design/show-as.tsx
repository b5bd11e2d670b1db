import { useState } from 'react';
import { Menu } from './menu';
import { shellWord, sqlText } from './quote';

interface ShowAsProps {
  /** Words after `telltale`. */
  readonly command: readonly string[];
  readonly path: string;
  /** A statement around a text that is quoted in it. */
  readonly sql?: readonly [before: string, text: string, after: string];
  readonly tool?: readonly [name: string, input: Readonly<Record<string, string>>];
}

/** The same question in other words, to be copied: on the command line, as a request, as SQL, as a call of a tool. */
export function ShowAs({ command, path, sql, tool }: ShowAsProps) {
  const [said, setSaid] = useState('');
  const copy = (text: string, name: string): void => {
    const done = 'clipboard' in navigator ? navigator.clipboard.writeText(text) : Promise.reject(new Error('no clipboard'));
    done.then(
      () => setSaid(`${name} is copied`),
      () => setSaid('This browser did not let it copy'),
    );
  };
  const ways: readonly (readonly [string, string])[] = [
    ['Command line', `telltale ${command.map(shellWord).join(' ')}`],
    ['Request', `curl -H 'authorization: Bearer YOUR_API_KEY' ${shellWord(`${location.origin}${path}`)}`],
    ...(sql ? [['SQL', `${sql[0]}${sqlText(sql[1])}${sql[2]}`] as const] : []),
    ...(tool ? [['MCP call', JSON.stringify({ name: tool[0], arguments: tool[1] })] as const] : []),
  ];
  return (
    <>
      <Menu name="Copy as" items={ways.map(([name, text]) => ({ name, onChoose: () => copy(text, name) }))} />
      <span className="visually-hidden" aria-live="polite">
        {said}
      </span>
    </>
  );
}
