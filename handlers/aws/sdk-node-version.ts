/**
 * Has the SDK not warn of Node.js 20 in commands and in the local AWS: its releases from January 2027 on ask for Node.js
 * 22, and the ranges in package.json admit only releases before that. The functions run on Node.js 22 or newer anyway.
 * https://aws.amazon.com/blogs/developer/announcing-the-end-of-support-for-node-js-20-x-in-the-aws-sdk-for-javascript-v3/
 */
export function silenceNodeVersionWarning(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
