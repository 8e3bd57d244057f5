import { ConfigurationError } from '../../modules/config/problem';
import { type Answers, checkText, configurationText } from './configuration-text';

/** What is answered to begin with; each is good by itself. */
const GOOD: Answers = {
  accountId: '111122223333',
  region: 'eu-west-1',
  emails: ['oncall@example.com'],
  users: [{ userName: 'ci-deployer', exists: false }],
};

/** Why an answer cannot stand in the configuration, by the configuration's own rules; undefined: it can. */
export function answerProblem(answer: Partial<Answers>): string | undefined {
  const text = configurationText({ ...GOOD, ...answer });
  try {
    return checkText('rotation.yaml', text).warnings[0]?.text;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [problem] = error.problems;
    return problem === undefined ? error.message : `${problem.found}: ${problem.rule}.`;
  }
}
