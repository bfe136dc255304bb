/** What a history can break. */
export type Rule =
  /** The journal has a gap, a repeat, or tells two stories. */
  | 'journal'
  /** An event settles a command that nobody can have asked for. */
  | 'unasked'
  /** One command was settled twice. */
  | 'settled twice'
  /** An answer said "no effect", and there is one. */
  | 'refused with effect'
  /** At this place in the order the model says something else. */
  | 'other than the model'
  /** A repeat was told that its id was used for something else, and it was not. */
  | 'repeat denied'
  /** What was acknowledged is not in the journal. */
  | 'lost'
  /** An answer is not what the settled command is answered with. */
  | 'wrong answer'
  /** One command has two answers. */
  | 'two answers'
  /** Something comes later in the order than what began after its end. */
  | 'order'
  /** A read shows a state that did not stand at any moment that it can have seen. */
  | 'wrong read';

export interface Violation {
  readonly rule: Rule;
  readonly text: string;
}
