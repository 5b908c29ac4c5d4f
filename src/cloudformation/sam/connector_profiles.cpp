#include "cloudformation/sam/connector_profiles.hpp"

namespace stator::cloudformation::sam {

const std::vector<Profile>& profiles() {
  static const std::vector<Profile> kProfiles = {
      {kLambda, kLambda, {{"Write", {"lambda:InvokeAsync", "lambda:InvokeFunction"}}}, {""}},
      {kLambda,
       kTable,
       {{"Read",
         {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem",
          "dynamodb:ConditionCheckItem", "dynamodb:PartiQLSelect"}},
        {"Write",
         {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem",
          "dynamodb:BatchWriteItem", "dynamodb:PartiQLDelete", "dynamodb:PartiQLInsert",
          "dynamodb:PartiQLUpdate"}}},
       {"", "/index/*"}},
      {kLambda,
       kBucket,
       {{"Read",
         {"s3:GetObject", "s3:GetObjectAcl", "s3:GetObjectLegalHold", "s3:GetObjectRetention",
          "s3:GetObjectTorrent", "s3:GetObjectVersion", "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTorrent", "s3:ListBucket",
          "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:ListMultipartUploadParts"}},
        {"Write",
         {"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject",
          "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:RestoreObject"}}},
       {"", "/*"}},
      {kTable,
       kLambda,
       {{"Read",
         {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator",
          "dynamodb:ListStreams"}}},
       {"/stream/*"},
       true},
      {kApi, kLambda, {{"Write", {}}}, {}, true, "apigateway.amazonaws.com"},
      {kBucket, kLambda, {{"Write", {}}}, {}, true, "s3.amazonaws.com"}};
  return kProfiles;
}

}  // namespace stator::cloudformation::sam
