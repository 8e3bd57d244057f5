import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';

import { addressed } from '../terraform/address';
import type { AwsPlace } from '../aws/aws-place';
import { DEFAULT_PREFIX, dashboardName } from '../aws/names';
import { JsonElementWhere, jsonText, type TextList } from '../terraform/json-text';
import type { TerraformCondition } from '../terraform/reference';
import { type DashboardScope, rowsOf } from './rows';
import { place as placed } from './widgets';

export interface RotationDashboardProps {
  readonly stackName: string;
  /**
   * Of all names on AWS.
   * @default "iam-key-rotation"
   */
  readonly prefix?: string;
  readonly place: AwsPlace;
  /**
   * A line that the oldest key is not to reach: the users' smallest maximum key age. Seconds.
   * @default no line
   */
  readonly maximumKeyAgeSeconds?: number;
  /**
   * Alarms to show at the top: CloudWatch shows 100, and so many of a list that is no reference are taken.
   * @default none
   */
  readonly alarmArns?: TextList;
  /**
   * Whether there is a delivery function: see `KeyDelivery`. A condition only without `suspiciousActsLogGroup`.
   * @default false
   */
  readonly delivers?: boolean | TerraformCondition;
  /**
   * Log group of the suspicious acts.
   * @default they are not shown
   */
  readonly suspiciousActsLogGroup?: string;
}

/** What CloudWatch shows in an alarm widget. */
const MOST_ALARMS = 100;

/** One look says whether all is well with the keys of a stack. */
export class RotationDashboard extends Construct {
  readonly name: string;
  readonly resource: CloudwatchDashboard;

  constructor(scope: Construct, id: string, props: RotationDashboardProps) {
    super(scope, id);
    const { alarmArns = [], delivers = false, maximumKeyAgeSeconds, place, prefix = DEFAULT_PREFIX } = props;
    const shown: DashboardScope = {
      stackName: props.stackName,
      prefix,
      accountId: place.accountId,
      region: place.region,
      maximumKeyAgeDays: maximumKeyAgeSeconds === undefined ? undefined : maximumKeyAgeSeconds / 86_400,
      alarmArns: isList(alarmArns) ? alarmArns.slice(0, MOST_ALARMS) : alarmArns,
      delivers: delivers === true,
      suspiciousActsLogGroup: props.suspiciousActsLogGroup,
    };
    const widgets = placed(rowsOf(shown));
    // Without suspicious acts, the deliveries are the last row.
    const ofDeliveries =
      typeof delivers === 'boolean'
        ? []
        : placed(rowsOf({ ...shown, delivers: true }))
            .slice(widgets.length)
            .map((widget) => new JsonElementWhere(delivers.where, widget));
    const dashboard = addressed(
      'dashboard',
      new CloudwatchDashboard(this, 'Resource', {
        dashboardName: dashboardName(prefix),
        // Two weeks: what is counted in days needs some of them.
        dashboardBody: jsonText({
          start: '-P14D',
          periodOverride: 'inherit',
          widgets: [...widgets, ...ofDeliveries],
        }),
      }),
    );
    this.name = dashboard.dashboardName;
    this.resource = dashboard;
  }
}

const isList = (arns: TextList): arns is readonly string[] => Array.isArray(arns);
