import { expect, it } from 'vitest';
import { backwards, COURSES } from './lanes.ts';

const names = (courses: typeof COURSES) => courses.map(({ name }) => name);

it('goes backwards with what is paced by single after it, and leaves nothing out', () => {
  const there = names(COURSES);
  const back = names(backwards(COURSES));
  expect(back.toSorted()).toEqual(there.toSorted());
  expect(back[0]).toBe(there.at(-1));
  expect(back.indexOf('paced')).toBe(back.indexOf('single') + 1);
  expect(there.indexOf('paced')).toBe(there.indexOf('single') + 1);
  expect(back.indexOf('pacedNoop')).toBe(back.indexOf('paced') + 1);
});
