/** What a bank holds fast of the register. Durable. */
export interface RegisterPin {
  /** Of the register's life: a copy that is put back is another one. */
  readonly generation: string;
  readonly revision: number;
  /** It was seen going back: nothing that it says counts until every member has published again. */
  readonly isClosed: boolean;
}

/** Where an answer comes from. */
export interface RegisterPlace {
  readonly generation: string;
  readonly revision: number;
}

/**
 * The pin after an answer. `askedAt` is the revision that was pinned when the question left: answers
 * overtake each other, so a lower revision than today's is no proof, but a lower one than that is.
 */
export function seenRegister(pin: RegisterPin, place: RegisterPlace, askedAt: number): RegisterPin {
  if (pin.isClosed) return pin;
  if (place.generation !== pin.generation || place.revision < askedAt) {
    return { ...pin, isClosed: true };
  }
  return place.revision > pin.revision ? { ...pin, revision: place.revision } : pin;
}

/** The pin once every member has published its decisions again in the register as it now is. */
export function reopenedRegister(place: RegisterPlace): RegisterPin {
  return { generation: place.generation, revision: place.revision, isClosed: false };
}
