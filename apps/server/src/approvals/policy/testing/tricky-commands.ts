/**
 * More commands about which a person is asked, one a line: tried by somebody who wanted to get past the policy.
 * `OTHER_TRICKS` are those that do not fit on a line.
 */
export const TRICKS = String.raw`
cat .[.]/secret
cat .?/secret
cat .*/secret
cat src/.?/.?/secret
ls .?
ls -d .*/.*
head -n1 ./.?/a
grep -r x .?
find .? -name x
cat .[!a]/x
cat .[.]/.[.]/etc/passwd
wc -c .[.]/a
diff .?/a b
git diff --no-index .?/a b
cp .?/a b
cp a .?/b
mv a .[.]/b
touch .?/x
tee .?/x
mkdir .?/x
node .?/x.js
cd .?
cd .[.]
grep -5f/etc/passwd x
grep -0f/etc/passwd x
grep -A1f/etc/passwd x
grep -5f../x a
rg -0f/etc/passwd x
rg -1f../secret x
du -0X/etc/passwd
ls -1I/etc
diff -0X/etc/x a b
sort -1T/tmp a
uniq a*
uniq src/*
uniq -c a?
file -Z a
rg --search-zip x
rg --search-z x
git log --show-signature
git log --format=%G?
git show --show-signature HEAD
git log '--format=%GK'
git log --pretty=format:%GS
git cat-file --batch-check --textconv
git log --ext-d
git show --remerge-diff
git diff-tree --ext-diff HEAD
git blame --contents=/etc/passwd a
git blame -S/etc/passwd a
git grep -f/etc/passwd
git grep -2f/etc/passwd
git ls-files --exclude-from=/etc/passwd
git ls-files -X ../x
git ls-files --exclude-per-directory=../x
git diff --orderfile=/x
git for-each-ref --format=%(refname)
git whatchanged --output=x
git commit -m x --edit
git commit -t ../x
git commit -F../x
git add -e
git add --pathspec-from-file=/etc/passwd
git stash -p
git restore -p
git reset -p
git merge --strat evil x
git merge -S x
git merge -e x
git cherry-pick -S x
git revert x --edit
git tag -u k v1
git tag -e v1
git -cx=y status
git --namespace=x log
git --bare log
git --no-pager -c a=b log
git --html-path
git difftool
git archive --remote=x HEAD
git archive -o/tmp/x HEAD
git fast-export
git hook run pre-commit
git notes add
git rerere
git update-index --cacheinfo 120000,x,y
git symbolic-ref HEAD x
git web--browse x
git instaweb
git p4
git request-pull a b
git upload-pack .
git shell -c x
git reflog delete x
git remote update
find . -fprintf x y
find . -files0-from x
find . -newerXY a
find . -okdir x
find -O3 . -delete
find ../ -name x
find -files0-from=x
sed -n 1,2w a
sed -ne 1p a
sed -n 1p --in-place a
sed -n 1p -s -i a
sed -E -n 1p a
jq --from-file x a
jq --slurpfile a /etc/passwd .
jq -n env.PATH
jq 'include "x"; .'
jq '. , input_filename'
jq '@text "\(env)"'
jq -n '"a"|modulemeta'
jq -n 'get_search_list'
jq -n '$__prog_args'
awk -f x
vim a
man ls
tar cf x --checkpoint-action=exec=sh a
tar -I sh -cf x a
npm t --scripts-prepend-node-path=x
npm run -C .. build
npm -C .. test
npm run build --script-shell sh
npm run build -w ../x
npm exec -- x
npm x y
npm create x
npm root -g
npm version patch
npm prune
npm cache clean
pnpm run build --dir=..
pnpm test --filter=../x
pnpm exec x
pnpm run exec
yarn exec x
yarn run --cwd .. x
yarn workspace x add y
yarn plugin import x
make --file=x
make -C..
make SHELL=sh
make -j -f x
make --eval x
make -I /x
make -W x
make deploy-all
make CC=./x
cargo run --manifest-path=/x
cargo build --out-dir=/tmp
cargo build -Zunstable
cargo fix
cargo doc --open
cargo test --config=x
cargo login
cargo update
cargo new ../x
cargo xtask
go run ./x@v1
go run https://x
go run -exec=sh .
go test -o x
go test -coverprofile=/tmp/x
go build -toolexec sh
go build -ldflags=x
go build -C ..
go env -w X=Y
go mod tidy
go fmt ../x
go run ../x.go
go clean
pytest -o x
pytest --basetemp=x
pytest --confcutdir=/
pytest --junitxml=/tmp/x
pytest -vp x
pytest --log-file=/tmp/x
python -m http.server
python -m pip install x
python -c x
node --test -r ./x a.js
node --test ../a.js
node --env-file=.env a.js
node -i
node --check a.js
node --inspect=0.0.0.0 a.js
node -
node ./
tree -R
tree --output a
tree --fromfile /x
sort -ua -oa
sort --o=a
sort --temporary=/tmp a
sort -k1 -o b a
sort --random-source=/etc/x a
sort a -o b
du --exclude-from=/etc/x
wc --f=a
diff --pag a b
diff --to-file=../x a
diff -S../x a b
tail --pid=1 -f ../a
head -c5 ../a
stat --file-system /
file -m/etc/x a
file -C
file --files-from=a
file --comp
date --set=x
date -r ../x
date --file=x
seq 1 /x
df ..
ls --ignore=/etc
cat /proc/self/environ
cat </dev/tcp/a/1
cat 0</etc/passwd
cat <'../x'
echo x 2>../x
echo x >"../x"
echo x >.git/config
ls >&a
ls >&-
ls 1<>a
echo hi >~/x
cat ~+/x
cat ~root/x
cat a:~/x
ls -a~/x
cat ''~/x
cat a""/../x
cat .'.'/x
cat '..'''/x
cat "/"etc/passwd
cat /""etc/passwd
cat -- -x/../../y
cat src//../..//x
cat x/./../../y
cat {a,b}
cat [a-z]*
cat ?
cat a?[b]/..
cat */../../x
cat !(a)
cat +(a)
cat a|bash -s
cat a | node
cat a | tee /tmp/x
cat a | sort -o b
cd src; cat ../../x
cd src && rm ../x
cd .git; cat config
cd -P /
cd -L ..
cd src/..
cd src/../../x
cd ~/x
cd ''
cd *
cd /home/u
cd file:///
cd .g*
cd src && cd .. && cat ../x
A=B
A=$(id) ls
PATH=x:y ls
GIT_PAGER=sh git log
PAGER=x man ls
NODE_OPTIONS=--require=./x npm test
PYTHONPATH=x pytest
RIPGREP_CONFIG_PATH=x rg a
BASH_ENV=x bash
ls "$(id)"
ls $'\x2f'
ls $((1))
ls $(<a)
cat <<x
cat <<-x
ls "!x"
ls #x
ls &&# x
ls 'a
ls 'a'b'
npm audit fix
cp -t ../x y
cp -rT a ..
cp -a a/. .
cp -r a/./ .
cp -r ./ b
mv .git x
mv a .husky/pre-commit
mv a .claude/settings.json
mv x .yarnrc.yml
mv x .cargo/config.toml
mv x .gitconfig
cp x lefthook.yml
cp x .pre-commit-config.yaml
cp --target-directory .husky a
cp x .[g]it/config
cp x .g?t/config
rm -rf .??*
rm -rf ./.[a-z]*
rm -rf .git*
rm -rf /home/u/w/
tee -a .envrc
touch -r /etc/x a
touch -d x -r ../y a
mkdir -p ../x
mkdir -p a/../../x
md5sum -c list
ruby -e x
nano a
script -c id
setsid ls
busybox ls
7z x a
ln -sf / x
csplit a 1
strip x
chown a b
crontab a
reboot
hostname x
tmux
powershell x
bun test
cut -f1 /etc/passwd
readlink -f /x
"cat" /etc/passwd
local x
umask 0
bg
caller
until ls; do ls; done
(( 1 ))
done
l\
docker run x
gcloud x
ssh-agent sh
host x
http x
`
  .split('\n')
  .filter(Boolean);

export const OTHER_TRICKS = [
  'jq --rawfile a /etc/passwd . ',
  'ls "${x}"',
  'ls\r\nrm x',
  'ls\u000brm',
  'ls\frm',
  'ls\u0085rm',
  'ls\u2028rm',
  'ls\u2029rm',
  'cat\u200b a',
  'cat a\u202e',
  'ls \u001b[2K',
  'ls\b',
  'ls \ufeffx',
  'cat a\u0000/etc',
  'ls\n\ncurl x',
  'ls \\\n; curl x',
  'cat a \\\n/etc/passwd',
  'echo "a\nb"; curl x',
  "echo 'a\n'; curl x",
  'ls |\ncurl x',
  'ls &&\n\n curl x',
  'ls ||\ncurl x',
  'echo a >\n/tmp/x',
  '\tcurl x',
];
