import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import type { LocalAws } from '../../sandbox/local-aws';

/** A bucket of a local AWS, as its owner sees it. */
export class ObjectStore {
  private constructor(
    private readonly s3: S3Client,
    private readonly bucket: string,
  ) {}

  /** Makes the bucket. */
  static async create(aws: LocalAws, bucket: string): Promise<ObjectStore> {
    const s3 = new S3Client({ ...aws.clientConfig(), forcePathStyle: true });
    const LocationConstraint = aws.region as BucketLocationConstraint;
    await s3.send(
      new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } }),
    );
    return new ObjectStore(s3, bucket);
  }

  async get(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return Body!.transformToString();
  }

  async put(key: string, text: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: text }));
  }

  async delete(key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: this.bucket, Key: key }));
  }
}
