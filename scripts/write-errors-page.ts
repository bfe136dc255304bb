import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS_PAGE, errorsPage } from './errors-page.ts';

writeFileSync(join(import.meta.dirname, '..', ERRORS_PAGE), errorsPage());
