/** The third list of commands about which a person is asked, one a line: quotes in words, options in groups, files that run. */
export const SLY = String.raw`
true&&curl x
true||curl x
true;curl x
true|curl x
cat 'a'"b"'/../../c'
cat a'/..'/../x
cat "a b"/../../x
git 'push'
g'i't push
git pu''sh
npm ru"n" deploy
npm run dep''loy
FOO= ls
find . -printf '%p'
sort -o/dev/stdout a
tee /dev/stdout
ls>../a
ls 2>/dev/null>../a
ls >/dev/null/../../x
ls > /dev/null2
ls 2>&1>../x
echo a | cat - ../x
ls -- -la /
cat x,~/y
ls --x=~/y
date +%s -s x
date '+%s' '--set=x'
node --test --test-reporter=./x
npm run build -- --outDir=..
cat [.]./x
cat ?./x
cat src/*/../../../x
ls [.]*
cat */.?/x
grep -e x -f .[.]/y a
grep -rf/etc/x a
grep -r3f/etc/x a
tail -c+1/etc/x
sed -n 1p .?/x
rg -g !x ../y
rg -e x -- ../y
ls -w80I/etc
git log -5O/etc/x
git blame -L1,2 --contents=../x a
git log -S../x
git log -G/x
cd src && git -C .. log
cd w && git log --output=x
cp -at.git/hooks x
cp -fat.husky x
mv -vt.husky x
cp -r x .farhand
cp --parents .husky/x y
mv -T x .envrc
tee a b .husky/c
rm -f -- .envrc
touch -- .envrc
cp x '.envrc '
cp x .envrc/
mkdir -p -- .git
echo x > ./.envrc
echo x > src/../.envrc
echo x > sub//.husky//y
npm run test -- --reporter ../../x
npm test -- --config /etc/x
python3 -m pytest --rootdir=/
pytest --rootd=/
git commit --amend -F ../x
git commit -m x -- ../y
git restore --source=evil -- .husky
git restore --pathspec-from-file=../x
git checkout evil -- .git
git reset --hard ../x
git merge --no-ff -s ours2 x
git tag -m x -s v
git tag -as v -m x
git stash push -- .envrc
git rm -r .husky
git mv a .husky/pre-commit
git add -A --edit
git add --inter
git branch -D x --edit-description
git revert --gpg-sign x
git revert -S x
git cherry-pick -Sx a
git commit -S
git commit -amS
git commit -pm x
`
  .split('\n')
  .filter(Boolean);
