import { describePrivacy } from './privacy-scenario';

jest.setTimeout(180_000);
describePrivacy('embedded', () => Promise.resolve({ env: {}, folders: [], cleanup: () => Promise.resolve() }));
