#include <algorithm>

#include "aws/xml.hpp"
#include "cloudformation/resources/resources.hpp"
#include "cloudformation/resources/shared.hpp"

/// AWS::S3::Bucket and AWS::S3::BucketPolicy. What S3 keeps of a bucket are XML documents, which it
/// gives back as they were put.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
namespace stator::cloudformation::resources {
namespace {

constexpr std::string_view kService = "s3";
constexpr std::size_t kNameMax = 63;
constexpr std::string_view kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

std::string element(std::string_view name, const json::Value& value) {
  std::string out;
  aws::append_xml_element(out, name, value);
  return out;
}
std::string wrapped(std::string_view name, const std::string& content) {
  return "<" + std::string(name) + ">" + content + "</" + std::string(name) + ">";
}
std::string document(std::string_view root, const std::string& content) {
  return "<" + std::string(root) + " xmlns=\"" + std::string(kNamespace) + "\">" + content + "</" +
         std::string(root) + ">";
}

/// The members of one object, of which no others may be there.
Result<void> allow_only(const json::Object& object, std::string_view place,
                        std::initializer_list<std::string_view> known) {
  for (const auto& member : object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return unsupported("stator does not support " + std::string(place) + "." + std::string(name));
    }
  }
  return {};
}

Result<std::vector<json::Object>> rules_of(const json::Object& properties,
                                           std::string_view property, std::string_view list) {
  const json::Object& whole = object_at(properties, property);
  STATOR_TRY_VOID(allow_only(whole, property, {list}));
  const json::Value* given = json::find(whole, list);
  if (given == nullptr || !given->is_array()) {
    return invalid(std::string(property) + "." + std::string(list) + " must be a list");
  }
  std::vector<json::Object> rules;
  for (const json::Value& rule : given->get_array()) {
    if (!rule.is_object()) return invalid(std::string(property) + " must hold objects");
    rules.push_back(rule.get_object());
  }
  return rules;
}

Result<std::string> versioning(const json::Object& properties) {
  const json::Object& given = object_at(properties, "VersioningConfiguration");
  STATOR_TRY_VOID(allow_only(given, "VersioningConfiguration", {"Status"}));
  return document("VersioningConfiguration",
                  element("Status", json::Value(text_of(given, "Status"))));
}

Result<std::string> encryption(const json::Object& properties) {
  STATOR_TRY(const auto rules,
             rules_of(properties, "BucketEncryption", "ServerSideEncryptionConfiguration"));
  std::string content;
  for (const json::Object& rule : rules) {
    STATOR_TRY_VOID(allow_only(rule, "BucketEncryption",
                               {"ServerSideEncryptionByDefault", "BucketKeyEnabled"}));
    std::string inner = element("ApplyServerSideEncryptionByDefault",
                                object_at(rule, "ServerSideEncryptionByDefault"));
    if (const json::Value* key = json::find(rule, "BucketKeyEnabled")) {
      inner += element("BucketKeyEnabled", *key);
    }
    content += wrapped("Rule", inner);
  }
  return document("ServerSideEncryptionConfiguration", content);
}

Result<std::string> public_access(const json::Object& properties) {
  const json::Object& given = object_at(properties, "PublicAccessBlockConfiguration");
  std::string content;
  for (const auto& member : given) content += element(member.key(), member.value());
  return document("PublicAccessBlockConfiguration", content);
}

Result<std::string> ownership(const json::Object& properties) {
  STATOR_TRY(const auto rules, rules_of(properties, "OwnershipControls", "Rules"));
  std::string content;
  for (const json::Object& rule : rules) content += element("Rule", rule);
  return document("OwnershipControls", content);
}

Result<std::string> lifecycle_rule(const json::Object& rule) {
  STATOR_TRY_VOID(
      allow_only(rule, "LifecycleConfiguration.Rules",
                 {"Id", "Status", "Prefix", "ExpirationInDays", "ExpiredObjectDeleteMarker",
                  "NoncurrentVersionExpiration", "NoncurrentVersionExpirationInDays",
                  "AbortIncompleteMultipartUpload"}));
  std::string content;
  if (rule.contains("Id")) content += element("ID", rule.at("Id"));
  content += wrapped("Filter", element("Prefix", json::Value(text_of(rule, "Prefix"))));
  content += element("Status", json::Value(text_of(rule, "Status")));
  const json::Object expiration = renamed(
      rule,
      {{"ExpirationInDays", "Days"}, {"ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"}});
  if (!expiration.empty()) content += element("Expiration", expiration);
  json::Object noncurrent = object_at(rule, "NoncurrentVersionExpiration");
  merge(noncurrent, renamed(rule, {{"NoncurrentVersionExpirationInDays", "NoncurrentDays"}}));
  if (!noncurrent.empty()) content += element("NoncurrentVersionExpiration", noncurrent);
  if (rule.contains("AbortIncompleteMultipartUpload")) {
    content += element("AbortIncompleteMultipartUpload", rule.at("AbortIncompleteMultipartUpload"));
  }
  return wrapped("Rule", content);
}

Result<std::string> lifecycle(const json::Object& properties) {
  STATOR_TRY(const auto rules, rules_of(properties, "LifecycleConfiguration", "Rules"));
  std::string content;
  for (const json::Object& rule : rules) {
    STATOR_TRY(const std::string one, lifecycle_rule(rule));
    content += one;
  }
  return document("LifecycleConfiguration", content);
}

/// A property that is a document of its own in S3.
struct Setting {
  std::string_view property;
  std::string_view name;    ///< in PutNAME and GetNAME
  std::string_view remove;  ///< the operation that takes it away
  Result<std::string> (*write)(const json::Object& properties);
};
constexpr Setting kSettings[] = {
    {"VersioningConfiguration", "BucketVersioning", "", versioning},
    {"BucketEncryption", "BucketEncryption", "DeleteBucketEncryption", encryption},
    {"PublicAccessBlockConfiguration", "PublicAccessBlock", "DeletePublicAccessBlock",
     public_access},
    {"OwnershipControls", "BucketOwnershipControls", "DeleteBucketOwnershipControls", ownership},
    {"LifecycleConfiguration", "BucketLifecycleConfiguration", "DeleteBucketLifecycle", lifecycle}};

Result<void> put(ResourceContext& context, const std::string& bucket, std::string_view name,
                 std::string body) {
  STATOR_TRY_VOID(context.api.call(kService, "Put" + std::string(name),
                                   {{"Bucket", bucket}, {"Body", std::move(body)}}));
  return {};
}

std::string tagging(const json::Object& tags) {
  std::string content;
  for (const auto& tag : tags) {
    content += element("Tag", json::Object{{"Key", tag.key()}, {"Value", tag.value()}});
  }
  return document("Tagging", wrapped("TagSet", content));
}

/// The settings that differ; {} stands for a bucket that is new.
Result<void> set_all(ResourceContext& context, const std::string& bucket,
                     const json::Object& before, const json::Object& after) {
  for (const Setting& setting : kSettings) {
    if (!differs(before, after, setting.property)) continue;
    if (after.contains(setting.property)) {
      STATOR_TRY(std::string body, setting.write(after));
      STATOR_TRY_VOID(put(context, bucket, setting.name, std::move(body)));
    } else if (setting.remove.empty()) {
      // What was versioned stays so, and only stops making versions.
      STATOR_TRY_VOID(
          put(context, bucket, setting.name,
              document("VersioningConfiguration", element("Status", json::Value("Suspended")))));
    } else {
      STATOR_TRY_VOID(gone(context.api.call(kService, setting.remove, {{"Bucket", bucket}})));
    }
  }
  return {};
}

/// Everything that the documents can be refused for before there is a bucket.
Result<void> check(const json::Object& properties) {
  const std::string acl = text_of(properties, "AccessControl");
  if (!acl.empty() && acl != "Private") {
    return unsupported("stator supports no AccessControl other than Private");
  }
  for (const Setting& setting : kSettings) {
    if (properties.contains(setting.property)) STATOR_TRY_VOID(setting.write(properties));
  }
  return {};
}

json::Object attributes_of(const ResourceContext& context, const std::string& name) {
  const std::string& region = context.region;
  const char* const separator = region == "us-east-1" ? "-" : ".";
  return {{"Arn", "arn:aws:s3:::" + name},
          {"DomainName", name + ".s3.amazonaws.com"},
          {"DualStackDomainName", name + ".s3.dualstack." + region + ".amazonaws.com"},
          {"RegionalDomainName", name + ".s3." + region + ".amazonaws.com"},
          {"WebsiteURL", "http://" + name + ".s3-website" + separator + region + ".amazonaws.com"}};
}

/// Making one's own bucket again succeeds in us-east-1, so a bucket that is there is found first.
Result<void> create(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(check(properties));
  std::string name = text_of(properties, "BucketName");
  if (name.empty()) name = context.generate_name(kNameMax, NameCase::kLower);
  const auto there = context.api.call(kService, "HeadBucket", {{"Bucket", name}});
  if (there) {
    return Error{ErrorCode::kConflict, name + " already exists", "AlreadyExists"};
  }
  if (there.error().code != ErrorCode::kNotFound) return there.error();
  json::Object input{{"Bucket", name}};
  if (context.region != "us-east-1") {
    input["Body"] = document("CreateBucketConfiguration",
                             element("LocationConstraint", json::Value(context.region)));
  }
  STATOR_TRY_VOID(context.api.call(kService, "CreateBucket", std::move(input)));
  STATOR_TRY_VOID(context.exists({name, attributes_of(context, name), properties}));
  const json::Object tags = tags_of(context, properties);
  if (!tags.empty()) STATOR_TRY_VOID(put(context, name, "BucketTagging", tagging(tags)));
  return set_all(context, name, {}, properties);
}

Result<void> update(ResourceContext& context, const Existing& bucket,
                    const json::Object& properties) {
  STATOR_TRY_VOID(check(properties));
  const std::string& name = bucket.physical_id;
  STATOR_TRY_VOID(set_all(context, name, bucket.properties, properties));
  const TagChange change = tag_change(context, bucket, properties);
  if (!change.set.empty() || !change.dropped.empty()) {
    const json::Object tags = tags_of(context, properties);
    if (!tags.empty()) {
      STATOR_TRY_VOID(put(context, name, "BucketTagging", tagging(tags)));
    } else {
      STATOR_TRY_VOID(gone(context.api.call(kService, "DeleteBucketTagging", {{"Bucket", name}})));
    }
  }
  return context.exists({name, bucket.attributes, properties});
}

/// A bucket that holds anything stays, as on AWS.
Result<void> remove(ResourceContext& context, const Existing& bucket) {
  return gone(context.api.call(kService, "DeleteBucket", {{"Bucket", bucket.physical_id}}));
}

/// A document that is not the one of the template is shown as it is.
Result<json::Object> read(ResourceContext& context, const Existing& bucket) {
  const json::Object target{{"Bucket", bucket.physical_id}};
  STATOR_TRY_VOID(context.api.call(kService, "HeadBucket", target));
  json::Object real = picked(bucket.properties, {"BucketName", "AccessControl"});
  for (const Setting& setting : kSettings) {
    const json::Value* wanted = json::find(bucket.properties, setting.property);
    if (wanted == nullptr) continue;
    const auto answer = context.api.call(kService, "Get" + std::string(setting.name), target);
    if (!answer && answer.error().code != ErrorCode::kNotFound) return answer.error();
    if (!answer) continue;
    STATOR_TRY(const std::string as_put, setting.write(bucket.properties));
    const std::string now = text_of(*answer, "Body");
    // Versioning is told anew rather than given back.
    const std::string status = text_of(object_at(bucket.properties, setting.property), "Status");
    const bool is_same = setting.remove.empty()
                             ? now.find(element("Status", json::Value(status))) != std::string::npos
                             : now == as_put;
    real[setting.property] = is_same ? *wanted : json::Value(now);
  }
  return compared(
      bucket.properties, real,
      {"BucketName", "AccessControl", "VersioningConfiguration", "BucketEncryption",
       "PublicAccessBlockConfiguration", "OwnershipControls", "LifecycleConfiguration"});
}

Result<void> put_policy(ResourceContext& context, const json::Object& properties) {
  return put(context, text_of(properties, "Bucket"), "BucketPolicy",
             document_text(properties, "PolicyDocument"));
}

Result<void> create_policy(ResourceContext& context, const json::Object& properties) {
  STATOR_TRY_VOID(put_policy(context, properties));
  return context.exists({text_of(properties, "Bucket"), {}, properties});
}

Result<void> update_policy(ResourceContext& context, const Existing& policy,
                           const json::Object& properties) {
  STATOR_TRY_VOID(put_policy(context, properties));
  return context.exists({policy.physical_id, {}, properties});
}

Result<void> remove_policy(ResourceContext& context, const Existing& policy) {
  return gone(context.api.call(kService, "DeleteBucketPolicy", {{"Bucket", policy.physical_id}}));
}

Result<json::Object> read_policy(ResourceContext& context, const Existing& policy) {
  STATOR_TRY(const json::Object answer,
             context.api.call(kService, "GetBucketPolicy", {{"Bucket", policy.physical_id}}));
  STATOR_TRY(json::Value now, json::parse(text_of(answer, "Body")));
  return compared(policy.properties, json::Object{{"PolicyDocument", std::move(now)}},
                  {"PolicyDocument"});
}

}  // namespace

ResourceType s3_bucket() {
  constexpr auto kInPlace = OnChange::kInPlace;
  return {.name = "AWS::S3::Bucket",
          .properties = {{"BucketName", false, OnChange::kReplace},
                         {"AccessControl", false, kInPlace},
                         {"VersioningConfiguration", false, kInPlace},
                         {"BucketEncryption", false, kInPlace},
                         {"PublicAccessBlockConfiguration", false, kInPlace},
                         {"OwnershipControls", false, kInPlace},
                         {"LifecycleConfiguration", false, kInPlace},
                         {"Tags", false, kInPlace}},
          .attributes = {"Arn", "DomainName", "DualStackDomainName", "RegionalDomainName",
                         "WebsiteURL"},
          .create = create,
          .remove = remove,
          .update = update,
          .read = read};
}

ResourceType s3_bucket_policy() {
  return {.name = "AWS::S3::BucketPolicy",
          .properties = {{"Bucket", true, OnChange::kReplace},
                         {"PolicyDocument", true, OnChange::kInPlace}},
          .attributes = {},
          .create = create_policy,
          .remove = remove_policy,
          .update = update_policy,
          .read = read_policy};
}

}  // namespace stator::cloudformation::resources
