/** More marks on one letter are no language's; browsers need minutes to place fifty thousand. */
const TOO_MANY = /(\p{M}{31})\p{M}+/gu;

/** Text whose letters carry no more combining marks than can be drawn. */
export const limitMarks = (text: string): string => text.replace(TOO_MANY, '$1');
