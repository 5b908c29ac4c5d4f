#include "ssm/members.hpp"

#include <algorithm>

#include "aws/tag_keys.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "ssm/errors.hpp"

namespace stator::ssm {
namespace {

constexpr std::size_t kNamesMax = 10;
constexpr std::size_t kLabelBytesMax = 100;

Error constraint(std::string_view value, std::string_view member, std::string_view rule) {
  return invalid("1 validation error detected: Value '" + std::string(value) + "' at '" +
                 std::string(member) + "' failed to satisfy constraint: " + std::string(rule));
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kLabelBytesMax) return false;
  if (label.front() >= '0' && label.front() <= '9') return false;
  const auto start = to_lower(label.substr(0, 3));
  if (start == "aws" || start == "ssm") return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

double epoch_seconds(std::int64_t ms) {
  return static_cast<double>(ms) / 1'000;
}

}  // namespace

Place place_of(const aws::Call& call) {
  return {call.account, call.region};
}

Result<Reference> reference_of(const aws::Call& call, const aws::Input& input,
                               std::string_view member) {
  STATOR_TRY(const auto text, input.required_text(member));
  return parse_reference(text, place_of(call));
}

Result<std::vector<std::string>> names_of(const aws::Input& input) {
  STATOR_TRY(auto names, input.text_list("Names"));
  if (names.empty() || names.size() > kNamesMax) {
    return constraint("[" + join(names, ", ") + "]", "names",
                      names.empty() ? "Member must have length greater than or equal to 1"
                                    : "Member must have length less than or equal to 10");
  }
  return names;
}

Result<Reference> tagged_of(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto type, input.required_text("ResourceType"));
  if (type != "Parameter") {
    return ssm_error(ErrorCode::kInvalid, "InvalidResourceType",
                     "The resource type " + type + " is not valid: stator has parameters alone.");
  }
  STATOR_TRY(const auto id, input.required_text("ResourceId"));
  return parse_reference(id, place_of(call));
}

Error too_many_tags() {
  return ssm_error(ErrorCode::kInvalid, "TooManyTagsError", "A parameter can have at most 50 tags");
}

Result<Tags> tags_of(const aws::Input& input) {
  STATOR_TRY(const json::Array* list, input.array("Tags"));
  Tags tags;
  if (list == nullptr) return tags;
  for (const auto& item : *list) {
    if (!item.is_object()) return invalid("Tags must be a list of structures");
    const auto tag = input.nested(item.get_object());
    STATOR_TRY_VOID(tag.allow_only({"Key", "Value"}));
    STATOR_TRY(auto key, tag.required_text("Key"));
    STATOR_TRY(const auto value, tag.text("Value"));
    if (key.size() > 128 || !value || value->size() > 256) {
      return invalid("Tag keys must have 1 to 128 characters and values at most 256");
    }
    if (!tags.emplace(std::move(key), *value).second) {
      return invalid("A tag's key occurs more than once");
    }
  }
  if (tags.size() > Parameters::kTagsMax) return too_many_tags();
  return tags;
}

Result<Labels> labels_of(const aws::Input& input) {
  STATOR_TRY(const auto given, input.text_list("Labels"));
  if (given.empty() || given.size() > Parameters::kLabelsMax) {
    return constraint("[" + join(given, ", ") + "]", "labels", "Member must have length 1 to 10");
  }
  Labels labels;
  for (const auto& label : given) {
    if (is_label(label)) {
      labels.valid.insert(label);
    } else {
      labels.invalid.emplace_back(label);
    }
  }
  return labels;
}

Result<std::size_t> limit_of(const aws::Input& input, std::int64_t most) {
  STATOR_TRY(const auto limit, input.integer("MaxResults"));
  if (limit && (*limit < 1 || *limit > most)) {
    return constraint(std::to_string(*limit), "maxResults",
                      *limit < 1
                          ? std::string("Member must have value greater than or equal to 1")
                          : "Member must have value less than or equal to " + std::to_string(most));
  }
  return static_cast<std::size_t>(limit.value_or(most));
}

std::string make_token(std::string_view name) {
  return base64url_encode(name);
}

Result<std::string> token_of(const aws::Input& input) {
  STATOR_TRY(const auto token, input.text("NextToken"));
  if (!token || token->empty()) return std::string();
  auto name = base64url_decode(*token);
  if (!name || name->empty()) {
    return ssm_error(ErrorCode::kInvalid, "InvalidNextToken", "The specified token isn't valid.");
  }
  return std::move(*name);
}

aws::Permission need_of(std::string_view action, const Parameters& parameters,
                        const aws::Call& call, const aws::Input& input, const Reference& reference,
                        aws::ConditionKeys keys) {
  const auto place = place_of(call);
  aws::Permission need{"ssm:" + std::string(action), parameter_arn(place, reference.name)};
  need.keys = [&parameters, &input, place, reference, keys = std::move(keys)] {
    aws::ConditionKeys all = keys;
    if (const auto found = parameters.find_parameter(place, reference.name); found && *found) {
      aws::append_resource_tags((*found)->tags, all);
      for (const auto& [key, value] : (*found)->tags) {
        all.push_back({"ssm:resourceTag/" + key, {value}});
      }
    }
    aws::append_request_tags(input, "Tags", "TagKeys", all);
    return all;
  };
  return need;
}

Result<json::Object> describe_value(const Parameters& parameters, const Place& place,
                                    const Found& found, bool is_decrypting) {
  STATOR_TRY(const auto value, parameters.value(place, found, is_decrypting));
  json::Object out{{"Name", found.parameter.name},
                   {"Type", found.version.type},
                   {"Value", value},
                   {"Version", found.version.number},
                   {"LastModifiedDate", epoch_seconds(found.version.modified_ms)},
                   {"ARN", parameter_arn(place, found.parameter.name)},
                   {"DataType", "text"}};
  if (!found.selector.empty()) out["Selector"] = found.selector;
  return out;
}

json::Object describe_version(const std::string& name, const Version& version) {
  json::Object out{{"Name", name},
                   {"Type", version.type},
                   {"LastModifiedDate", epoch_seconds(version.modified_ms)},
                   {"LastModifiedUser", version.modified_by},
                   {"Version", version.number},
                   {"Tier", version.tier},
                   {"Policies", json::Array()},
                   {"DataType", "text"}};
  if (version.type == "SecureString") out["KeyId"] = "alias/aws/ssm";
  if (!version.description.empty()) out["Description"] = version.description;
  if (!version.allowed_pattern.empty()) out["AllowedPattern"] = version.allowed_pattern;
  return out;
}

}  // namespace stator::ssm
