import { withoutComments } from './source-tree.ts';

/** One import or re-export of a module, as its source text says it. */
export interface Import {
  readonly specifier: string;
  /** True for `import type … from` and `export type … from`, which leave nothing at run time. */
  readonly typeOnly: boolean;
}

const staticFrom =
  /^[ \t]*(?:import|export)[ \t]+(type[ \t]+(?=[{*\w]))?[\w*\s{},$]*?\bfrom\s*['"]([^'"\n]+)['"]/gm;
const sideEffect = /^[ \t]*import\s*['"]([^'"\n]+)['"]/gm;
const dynamic = /\b(?:import|require|import\.meta\.resolve)\s*\(\s*['"`]([^'"`\n]+)['"`]/g;

/**
 * The modules that a TypeScript source imports: static, re-exported, for their side effect, and
 * dynamic with a literal name. A regular expression, not a parser: it is for our own sources, which
 * the formatter keeps in one shape.
 */
export function importsOf(source: string): Import[] {
  const code = withoutComments({ path: 'source.ts', source });
  return [
    ...[...code.matchAll(staticFrom)].map(([, type, specifier = '']) => ({
      specifier,
      typeOnly: type !== undefined,
    })),
    ...[...code.matchAll(sideEffect), ...code.matchAll(dynamic)].map(([, specifier = '']) => ({
      specifier,
      typeOnly: false,
    })),
  ];
}
