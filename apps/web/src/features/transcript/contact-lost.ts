import { createContext } from 'react';

/** True where the host of the transcript's session is out of contact; by context, since only running rows ask. */
export const ContactLostContext = createContext(false);
