// What the types must not allow: every line below a mark is an error, or tsc says that the mark is not needed.

import { Engine, MemoryStore, protocol, type Rules } from 'countersign';

export function never(engine: Engine): void {
  // @ts-expect-error: no store
  new Engine({ sealingKey: { id: 1, key: new Uint8Array(32) } });
  // @ts-expect-error: a key that is a text
  new Engine({ sealingKey: { id: 1, key: 'secret' }, store: new MemoryStore() });
  // @ts-expect-error: a setting that does not exist
  new Engine({ sealingKey: { id: 1, key: new Uint8Array(32) }, store: new MemoryStore(), settings: { maxAttempts: 1 } });
  // @ts-expect-error: a member that does not exist
  void engine.server().createApplication({ name: 'bank' });
  // @ts-expect-error: a method that does not exist
  void engine.server().createApplications();
  // @ts-expect-error: a parameter of the path is missing
  void engine.cloud().cloudCommitRegistration({});
  // @ts-expect-error: nothing demanded
  const nothing: Rules = {};
  // @ts-expect-error: a signature without factors
  const bare: Rules = { signature: '/a' };
  // @ts-expect-error: a proof and application scope
  const mixed: Rules = { token: true, factors: ['possession'], encryption: 'application' };
  // @ts-expect-error: factors that do not exist
  const pin: Rules = { signature: '/a', factors: ['pin'] };
  // @ts-expect-error: a member of another command
  protocol({ do: 'activationCode', secret: 'x' });
  // @ts-expect-error: a reply that may not be sealed
  void engine.check(bare, { method: 'POST', path: '/' }).then((end) => end.seal('x'));
  void [nothing, mixed, pin];
}
