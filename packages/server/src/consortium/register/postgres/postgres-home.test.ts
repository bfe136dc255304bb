import { createDatabase } from '../../../../../../tests/harness/postgres.ts';
import { describeRegister } from '../conformance.fixture.ts';

describeRegister('PostgreSQL', createDatabase);
