const ESC = '\u001b';
const BEL = '\u0007';
const ST = `${ESC}\\`;

/** What a hostile program may try by printing: each with a word of its own that must not come back as if typed. */
export const ESCAPES: readonly string[] = [
  // Reads and writes of the clipboard (OSC 52).
  `${ESC}]52;c;RVZJTC1jbGlw${BEL}`,
  `${ESC}]52;c;?${BEL}`,
  // A link whose words lie, with a target that would run (OSC 8).
  `${ESC}]8;;javascript:document.title='EVIL-link'${ST}click me${ESC}]8;;${ST}`,
  `${ESC}]8;;data:text/html,<script>alert(1)</script>${ST}or me${ESC}]8;;${ST}`,
  // A title, and the questions that give it back (OSC 0 and 2, CSI 20 t and 21 t).
  `${ESC}]0;EVIL-title\n rm -rf ~${BEL}${ESC}[20t${ESC}[21t`,
  `${ESC}]2;EVIL-title2${ST}${ESC}[21t`,
  // Settings asked for by name (DECRQSS, XTGETTCAP, DECRQM), answer-back, colours.
  `${ESC}P$qEVIL-rqss${ST}`,
  `${ESC}P+q4556494c${ST}`,
  `${ESC}[?9999$p\u0005`,
  `${ESC}]4;1;?;EVIL-colour${BEL}${ESC}]10;?${BEL}`,
  // Notifications, working folder, files (OSC 9, 777, 7, 1337).
  `${ESC}]9;EVIL-notice${BEL}${ESC}]777;notify;EVIL;EVIL${BEL}${ESC}]7;file://EVIL/etc${BEL}`,
  `${ESC}]1337;File=name=RVZJTA==;inline=1:RVZJTA==${BEL}${ESC}]1337;Copy=;EVIL${BEL}`,
  // Windows moved, resized, hidden; the printer; media copy.
  `${ESC}[8;9999;9999t${ESC}[3;0;0t${ESC}[2t${ESC}[5i EVIL-print ${ESC}[4i`,
  // Keys redefined, macros (DECUDK, DECDMAC).
  `${ESC}P0;1|17/4556494c${ST}${ESC}P1;0;0!zEVIL-macro${ST}`,
  // Huge and absurd parameters.
  ...['@', 'L', 'M', 'P', 'S', 'T', 'X', 'b', 'I', 'Z', 'A', 'd', 'r', 'h', 'm', 'q', 't', 'n', 'g'].map(
    (final) => `EVIL${ESC}[2147483647;99999999999;${'9;'.repeat(500)}${final}`,
  ),
  `${ESC}[${'1'.repeat(100_000)}m`,
  // Strings that never end, and ends that never began.
  `${ESC}]0;${'EVIL'.repeat(300_000)}${ST}`,
  `${ESC}P${'EVIL'.repeat(300_000)}${ST}`,
  `${ESC}_EVIL${ESC}^EVIL${ESC}X${ST}${ST}${BEL}`,
  // Text that piles up in one cell or turns its direction.
  `e${'\u0301'.repeat(50_000)}`,
  '\u202e\u2066\u2067EVIL\u2069',
  // Every control character and every byte of C1.
  String.fromCharCode(...Array.from({ length: 32 }, (_, code) => (code === 3 ? 0 : code))),
  String.fromCharCode(...Array.from({ length: 32 }, (_, code) => 128 + code)),
  // Modes that change what keys and the mouse send, and the other screen.
  `${ESC}[?1000h${ESC}[?1003h${ESC}[?1006h${ESC}[?1049h${ESC}[?2004h${ESC}[?1h${ESC}=${ESC}[>4;2m`,
  // Back to where a person can work.
  `${ESC}c${ESC}[!p`,
];
