import { type FormEvent, useState } from 'react';
import { useSignIn } from '../api/session';
import { Failure } from '../design/parts';
import '../shell/shell.css';

export function SignInPage() {
  const [apiKey, setApiKey] = useState('');
  const signIn = useSignIn();
  function submit(event: FormEvent): void {
    event.preventDefault();
    signIn.mutate(apiKey.trim());
  }
  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>Telltale</h1>
        <p className="quiet">
          Sign in with an API key. That of a Telltale on this machine lies in the file <code>api-key</code> of its home;{' '}
          <code>telltale up</code> prints a link that needs none.
        </p>
        <label htmlFor="api-key">API key</label>
        <input
          id="api-key"
          type="password"
          autoComplete="current-password"
          required
          value={apiKey}
          onChange={({ target }) => setApiKey(target.value)}
        />
        <button type="submit" className="button" data-main="true" disabled={signIn.isPending}>
          Sign in
        </button>
        {signIn.isError && <Failure error={signIn.error} />}
      </form>
    </main>
  );
}
