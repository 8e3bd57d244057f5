import { setupJest } from 'cdktf/lib/testing/adapters/jest';

/** CDKTF's matchers. Imported from where their types are, too. */
setupJest();
