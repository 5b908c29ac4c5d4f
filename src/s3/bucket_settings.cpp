#include "s3/bucket_settings.hpp"

#include <algorithm>
#include <charconv>

#include "http/message.hpp"
#include "json/json.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

constexpr std::size_t kRulesMax = 1'000;

Result<void> check_tag(const Tags& tags, const std::string& key, const std::string& value) {
  if (key.empty() || key.size() > 128 || value.size() > 256) {
    return s3_error(ErrorCode::kInvalid, "InvalidTag",
                    "The TagKey or TagValue you have provided is invalid");
  }
  if (tags.contains(key)) {
    return s3_error(ErrorCode::kInvalid, "InvalidTag",
                    "Cannot provide multiple Tags with the same key");
  }
  return {};
}

Error too_many_tags(std::size_t tags_max) {
  return s3_error(ErrorCode::kInvalid, "BadRequest",
                  "Object tags cannot be greater than " + std::to_string(tags_max));
}

/// A count of days, above zero.
Result<std::int64_t> read_days(const XmlElement& element, std::string_view name) {
  const auto text = element.text_of(name);
  std::int64_t days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc() || end != text.data() + text.size() || days < 1 || days > 36'500) {
    return invalid_argument("'" + std::string(name) + "' must be a positive integer");
  }
  return days;
}

/// A rule's prefix: that of its filter or, in old documents, its own.
Result<std::string> read_prefix(const XmlElement& rule) {
  const auto* filter = rule.find("Filter");
  if (filter == nullptr) return rule.text_of("Prefix");
  STATOR_TRY_VOID(filter->allow_only({"Prefix"}));
  return filter->text_of("Prefix");
}

Result<LifecycleRule> read_rule(const XmlElement& element) {
  STATOR_TRY_VOID(
      element.allow_only({"ID", "Filter", "Prefix", "Status", "Expiration",
                          "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}));
  LifecycleRule rule;
  const auto status = element.text_of("Status");
  if (status != "Enabled" && status != "Disabled") return malformed_xml();
  rule.is_enabled = status == "Enabled";
  STATOR_TRY(rule.prefix, read_prefix(element));
  const auto* expiration = element.find("Expiration");
  if (expiration != nullptr) {
    STATOR_TRY_VOID(expiration->allow_only({"Days", "ExpiredObjectDeleteMarker"}));
    rule.expires_delete_markers = expiration->text_of("ExpiredObjectDeleteMarker") == "true";
    if (expiration->find("Days") != nullptr) {
      STATOR_TRY(rule.expiration_days, read_days(*expiration, "Days"));
    }
  }
  const auto* noncurrent = element.find("NoncurrentVersionExpiration");
  if (noncurrent != nullptr) {
    STATOR_TRY_VOID(noncurrent->allow_only({"NoncurrentDays", "NewerNoncurrentVersions"}));
    STATOR_TRY(rule.noncurrent_days, read_days(*noncurrent, "NoncurrentDays"));
    if (noncurrent->find("NewerNoncurrentVersions") != nullptr) {
      STATOR_TRY(rule.noncurrent_kept, read_days(*noncurrent, "NewerNoncurrentVersions"));
    }
  }
  const auto* aborting = element.find("AbortIncompleteMultipartUpload");
  if (aborting != nullptr) {
    STATOR_TRY_VOID(aborting->allow_only({"DaysAfterInitiation"}));
    STATOR_TRY(rule.abort_days, read_days(*aborting, "DaysAfterInitiation"));
  }
  if (expiration == nullptr && noncurrent == nullptr && aborting == nullptr) {
    return invalid_request("At least one action needs to be specified in a rule");
  }
  return rule;
}

/// Everybody, by any of the ways to write it.
bool is_everybody(const json::Value& principal) {
  if (principal.is_string()) return principal.get_string() == "*";
  if (!principal.is_object()) return false;
  const auto* aws = principal.get_object().if_contains("AWS");
  if (aws == nullptr) return false;
  if (aws->is_string()) return aws->get_string() == "*";
  return aws->is_array() &&
         std::any_of(aws->get_array().begin(), aws->get_array().end(),
                     [](const auto& one) { return one.is_string() && one.get_string() == "*"; });
}

bool is_public_statement(const json::Value& statement) {
  if (!statement.is_object()) return false;
  const auto& object = statement.get_object();
  const auto* principal = object.if_contains("Principal");
  return json::find_string(object, "Effect") == "Allow" && !object.contains("Condition") &&
         (object.contains("NotPrincipal") || (principal != nullptr && is_everybody(*principal)));
}

}  // namespace

Result<void> check_ownership(std::string_view ownership) {
  if (ownership == "BucketOwnerEnforced" || ownership == "BucketOwnerPreferred" ||
      ownership == "ObjectWriter") {
    return {};
  }
  return invalid_argument("Invalid x-amz-object-ownership header: " + std::string(ownership));
}

std::string ownership_document(std::string_view ownership) {
  XmlDocument xml("OwnershipControls");
  xml.open("Rule");
  xml.element("ObjectOwnership", ownership);
  xml.close("Rule");
  return std::move(xml).finish().body;
}

Result<void> check_ownership_document(std::string_view document) {
  STATOR_TRY(const auto xml, parse_xml(document, "OwnershipControls"));
  STATOR_TRY_VOID(xml.allow_only({"Rule"}));
  if (xml.children.size() != 1) return malformed_xml();
  STATOR_TRY_VOID(xml.children[0].allow_only({"ObjectOwnership"}));
  return check_ownership(xml.children[0].text_of("ObjectOwnership"));
}

Result<void> check_encryption_document(std::string_view document) {
  STATOR_TRY(const auto xml, parse_xml(document, "ServerSideEncryptionConfiguration"));
  STATOR_TRY_VOID(xml.allow_only({"Rule"}));
  if (xml.children.size() != 1) return malformed_xml();
  const auto& rule = xml.children[0];
  STATOR_TRY_VOID(rule.allow_only({"ApplyServerSideEncryptionByDefault", "BucketKeyEnabled"}));
  const auto* by_default = rule.find("ApplyServerSideEncryptionByDefault");
  if (by_default == nullptr) return malformed_xml();
  STATOR_TRY_VOID(by_default->allow_only({"SSEAlgorithm"}));
  const auto algorithm = by_default->text_of("SSEAlgorithm");
  if (algorithm != "AES256" && algorithm != "aws:kms")
    return not_implemented("the encryption " + algorithm);
  if (rule.text_of("BucketKeyEnabled") == "true") return not_implemented("bucket keys");
  return {};
}

Result<void> check_public_access_document(std::string_view document) {
  STATOR_TRY(const auto xml, parse_xml(document, "PublicAccessBlockConfiguration"));
  STATOR_TRY_VOID(xml.allow_only(
      {"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"}));
  for (const auto& child : xml.children) {
    if (child.text != "true" && child.text != "false" && child.text != "TRUE" &&
        child.text != "FALSE") {
      return malformed_xml();
    }
  }
  return {};
}

Result<void> check_lifecycle_document(std::string_view document) {
  STATOR_TRY([[maybe_unused]] const auto rules, parse_lifecycle(document));
  return {};
}

Result<void> check_tagging_document(std::string_view document) {
  STATOR_TRY([[maybe_unused]] const auto tags, parse_tags(document, 50));
  return {};
}

bool blocks_public_policies(const Bucket& bucket) {
  const auto block = bucket.settings.find("publicAccessBlock");
  if (block == bucket.settings.end()) return false;
  const auto xml = parse_xml(block->second, "PublicAccessBlockConfiguration");
  const auto text = xml ? xml->text_of("BlockPublicPolicy") : "";
  return text == "true" || text == "TRUE";
}

bool is_public_policy(std::string_view document) {
  const auto policy = json::parse_object(document);
  const auto* statements = policy ? policy->if_contains("Statement") : nullptr;
  if (statements == nullptr) return false;
  if (!statements->is_array()) return is_public_statement(*statements);
  return std::any_of(statements->get_array().begin(), statements->get_array().end(),
                     is_public_statement);
}

Result<Tags> parse_tags(std::string_view document, std::size_t tags_max) {
  STATOR_TRY(const auto xml, parse_xml(document, "Tagging"));
  STATOR_TRY_VOID(xml.allow_only({"TagSet"}));
  const auto* set = xml.find("TagSet");
  if (set == nullptr) return malformed_xml();
  STATOR_TRY_VOID(set->allow_only({"Tag"}));
  Tags tags;
  for (const auto& tag : set->children) {
    STATOR_TRY_VOID(tag.allow_only({"Key", "Value"}));
    const auto key = tag.text_of("Key");
    const auto value = tag.text_of("Value");
    STATOR_TRY_VOID(check_tag(tags, key, value));
    tags[key] = value;
  }
  if (tags.size() > tags_max) return too_many_tags(tags_max);
  return tags;
}

Result<Tags> parse_tags_header(std::string_view text, std::size_t tags_max) {
  const auto pairs = http::parse_query(text);
  if (!pairs) {
    return invalid_argument(
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded "
        "URL query parameters without tag name duplicates.");
  }
  Tags tags;
  for (const auto& [key, value] : *pairs) {
    STATOR_TRY_VOID(check_tag(tags, key, value));
    tags[key] = value;
  }
  if (tags.size() > tags_max) return too_many_tags(tags_max);
  return tags;
}

std::string tags_document(const Tags& tags) {
  XmlDocument xml("Tagging");
  xml.open("TagSet");
  for (const auto& [key, value] : tags) {
    xml.open("Tag");
    xml.element("Key", key);
    xml.element("Value", value);
    xml.close("Tag");
  }
  xml.close("TagSet");
  return std::move(xml).finish().body;
}

Result<std::vector<LifecycleRule>> parse_lifecycle(std::string_view document) {
  STATOR_TRY(const auto xml, parse_xml(document, "LifecycleConfiguration"));
  STATOR_TRY_VOID(xml.allow_only({"Rule"}));
  if (xml.children.empty() || xml.children.size() > kRulesMax) return malformed_xml();
  std::vector<LifecycleRule> rules;
  for (const auto& element : xml.children) {
    STATOR_TRY(auto rule, read_rule(element));
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace stator::s3
