/**
 * Picks from Terraform's output what is worth telling: the first keys as they are made, and how it ended. Returns a
 * function that takes the output as it comes, in whatever pieces.
 */
export function terraformLines(tell: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const firstKey = /^aws_lambda_invocation\.(\S+)_first_key: Creation complete after (\w+)/.exec(line);
      if (firstKey) tell(`first key of ${firstKey[1]} made and proved, in ${firstKey[2]}`);
      else if (/^(Apply complete|Destroy complete|No changes)/.test(line)) tell(line);
    }
  };
}
