/*
 * What a name, a tag or a user agent suggests about where a key is used. A name is whatever somebody once typed, and a program
 * writes into its user agent what it likes: none of this is more than a guess.
 */

/** Where a key seems to be used. */
export type Place = 'person' | 'ci' | 'insideAws' | 'outside';

export interface Hint {
  readonly place: Place;
  /** After "it is": `a name of GitHub Actions`. */
  readonly of: string;
}

type Row = readonly [pattern: RegExp, place: Place, of: string];

/** As a word of its own: `ci` in `app-ci`, and not in `decision`. */
const word = (...alternatives: readonly string[]): RegExp =>
  new RegExp(`(?<![a-z0-9])(?:${alternatives.join('|')})(?![a-z0-9])`, 'i');

/** The first row that fits is the hint. */
const NAMES: readonly Row[] = [
  [word('github[-_. ]?actions?', 'gha'), 'ci', 'GitHub Actions'],
  [word('gitlab(?:[-_. ]?(?:ci|runner))?'), 'ci', 'GitLab'],
  [word('circle[-_. ]?ci'), 'ci', 'CircleCI'],
  [word('jenkins'), 'ci', 'Jenkins'],
  [word('bitbucket(?:[-_. ]?pipelines?)?'), 'ci', 'Bitbucket'],
  [word('azure[-_. ]?(?:devops|pipelines?)'), 'ci', 'Azure DevOps'],
  [word('buildkite'), 'ci', 'Buildkite'],
  [word('travis(?:[-_. ]?ci)?', 'teamcity', 'drone[-_. ]?ci', 'semaphore[-_. ]?ci'), 'ci', 'a CI system'],
  [
    word('terraform(?:[-_. ]?cloud)?', 'tfc', 'spacelift', 'atlantis', 'opentofu', 'pulumi'),
    'ci',
    'a tool that runs in CI',
  ],
  [
    word('ci', 'cd', 'ci[-_]?cd', 'cicd', 'pipelines?', 'deploy(?:er|ment|s)?', 'runner'),
    'ci',
    'a CI system',
  ],
  [word('lambda'), 'insideAws', 'AWS Lambda'],
  [word('ec2', 'asg'), 'insideAws', 'Amazon EC2'],
  [word('ecs', 'fargate', 'eks'), 'insideAws', 'containers in AWS'],
  [word('beanstalk', 'codebuild', 'glue', 'sagemaker', 'emr', 'apprunner'), 'insideAws', 'a service of AWS'],
  [
    word('on[-_. ]?prem(?:ises)?', 'datacent(?:er|re)', 'data[-_. ]cent(?:er|re)', 'office', 'nas'),
    'outside',
    'a place outside AWS',
  ],
  [word('vendor', 'partner', 'third[-_. ]?party', 'supplier'), 'outside', 'somebody outside'],
];

/** The rows of the user agents stand in the order of what they say most surely. */
const USER_AGENTS: readonly Row[] = [
  [/configure-aws-credentials-for-github-actions|github-?actions/i, 'ci', 'GitHub Actions'],
  [/gitlab|circleci|jenkins|bitbucket|buildkite|teamcity|AzureDevOps|VSTS/i, 'ci', 'a CI system'],
  [/\bTerraform\//, 'ci', 'Terraform'],
  [/\bexec-env\/AWS_Lambda/i, 'insideAws', 'a Lambda function'],
  [/\bexec-env\/AWS_ECS/i, 'insideAws', 'a container in Amazon ECS'],
  [/\bexec-env\/EC2|\.amzn\d|\d-aws\b/i, 'insideAws', 'a machine in AWS'],
  [/\bexec-env\/CloudShell/i, 'person', 'AWS CloudShell'],
  [
    /^(?=.*\b(?:aws-cli|Boto3|aws-sdk-[\w-]{1,40})\/).*\b(?:os\/(?:windows|macos)|Windows|Darwin)\b/i,
    'person',
    'a program on a workstation',
  ],
];

const find = (rows: readonly Row[], text: string): Hint | undefined => {
  const row = rows.find(([pattern]) => pattern.test(text));
  return row === undefined ? undefined : { place: row[1], of: row[2] };
};

/** @param name the name of a user, its path, or what a tag says. */
export const hintOfName = (name: string): Hint | undefined => find(NAMES, name);

export const hintOfUserAgent = (userAgent: string): Hint | undefined => find(USER_AGENTS, userAgent);

/**
 * CloudTrail gives the name of the service where a service of AWS made the call for the caller, and an address otherwise.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function kindOfAddress(address: string): 'service' | 'private' | 'public' | 'unknown' {
  if (/\.amazonaws\.com(\.cn)?$/.test(address) || address === 'AWS Internal') return 'service';
  if (/^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i.test(address)) return 'private';
  if (/^(127\.|::1$|169\.254\.|fe80:)/i.test(address)) return 'unknown';
  return /^[0-9.]+$|^[0-9a-f:]+$/i.test(address) ? 'public' : 'unknown';
}
