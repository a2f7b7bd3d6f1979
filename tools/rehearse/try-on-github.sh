#!/usr/bin/env bash
# Try on GitHub itself what no rehearsal shows. Run it once in a test repository that is set up, with `gh` logged in as a person with write
# access; a second person approves when it asks. Usage: tools/rehearse/try-on-github.sh OWNER/NAME
set -euo pipefail
export GH_REPO=${1:?give the repository, as OWNER/NAME}
branch="try-$(date +%s)"

say() { echo "== $*"; }
fail() { echo "FAILED: $*" >&2 && exit 1; }
# until_it_says TEXT COMMAND...: repeats the command for up to an hour.
until_it_says() {
  local text=$1
  shift
  for _ in $(seq 360); do
    if "$@" 2>/dev/null | grep -q "$text"; then return; fi
    sleep 10
  done
  fail "nothing says \"$text\": $*"
}
notes() { gh api "repos/$GH_REPO/issues/$number/comments" --jq '.[].body'; }

say 'an empty commit makes a pull request, and main plans it'
tip=$(gh api "repos/$GH_REPO/git/ref/heads/main" --jq .object.sha)
tree=$(gh api "repos/$GH_REPO/git/commits/$tip" --jq .tree.sha)
head=$(gh api "repos/$GH_REPO/git/commits" -f message='Try the delivery' -f "tree=$tree" -f "parents[]=$tip" --jq .sha)
gh api --silent "repos/$GH_REPO/git/refs" -f "ref=refs/heads/$branch" -f "sha=$head"
gh pr create --base main --head "$branch" --title 'Try the delivery' --body 'A script merges this when somebody has approved it.'
number=$(gh pr view "$branch" --json number --jq .number)
until_it_says '### Plan for' notes
until_it_says success gh api "repos/$GH_REPO/commits/$head/status" --jq '.statuses[] | select(.context == "plan") | .state'

say 'a pull request gets no role'
gh api "repos/$GH_REPO/actions/runs?event=pull_request&head_sha=$head" --jq '.workflow_runs[].path' | grep -q plan.yml && fail 'plan.yml ran for the pull request'

say "the comment keeps its text: approve https://github.com/$GH_REPO/pull/$number as another person now"
until_it_says APPROVED gh pr view "$number" --json reviewDecision --jq .reviewDecision

say 'the merge is applied, or nothing is left to apply'
gh pr merge "$number" --squash
until_it_says '### Applied' notes

say 'three runs of apply at once: none is canceled'
since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
for _ in 1 2 3; do gh workflow run apply --ref main; done
runs() { gh run list --workflow apply --created ">=$since" --json status,conclusion --jq '[.[] | .conclusion // .status] | join(" ")'; }
until_it_says 'success success success' runs

say 'the token sees who has to approve in production-review'
gh api "repos/$GH_REPO/environments/production-review" --jq '.can_admins_bypass, (.protection_rules[] | select(.type == "required_reviewers") | .prevent_self_review)'

say 'drift runs, and says that AWS is as main says'
gh workflow run drift --ref main
sleep 30
until_it_says success gh run list --workflow drift --limit 1 --json conclusion --jq '.[].conclusion'
say 'all of it held'
