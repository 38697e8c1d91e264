/** The shells for which there is a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const BASH = `# farhand completion bash: add to ~/.bashrc:  eval "$(farhand completion bash)"
_farhand() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(farhand _complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _farhand farhand
`;

const ZSH = `#compdef farhand
# farhand completion zsh: add to ~/.zshrc after compinit:  eval "$(farhand completion zsh)"
_farhand() {
  local -a found
  found=("\${(@f)$(farhand _complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[*]}" ]]; then compadd -a found; else _files; fi
}
compdef _farhand farhand
`;

const FISH = `# farhand completion fish: put into ~/.config/fish/completions/farhand.fish
function __farhand_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (farhand _complete -- $words[2..-1] 2>/dev/null | string match -v '')
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c farhand -f -a '(__farhand_complete)'
`;

/** A script that asks \`farhand _complete\` what may be typed next. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
