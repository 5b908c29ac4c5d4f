#include <algorithm>

#include "base/strings.hpp"
#include "ssm/errors.hpp"
#include "ssm/members.hpp"
#include "ssm/ops/ops.hpp"

namespace stator::ssm {

namespace {

constexpr std::size_t kDescriptionBytesMax = 1'024;
constexpr std::string_view kTypes[] = {"String", "StringList", "SecureString"};
constexpr std::string_view kTiers[] = {"Standard", "Advanced", "Intelligent-Tiering"};

Result<void> check_supported(const aws::Input& input) {
  STATOR_TRY_VOID(input.allow_only({"Name", "Description", "Value", "Type", "KeyId", "Overwrite",
                                    "AllowedPattern", "Tags", "Tier", "Policies", "DataType"}));
  STATOR_TRY(const auto policies, input.text("Policies"));
  if (policies && !policies->empty() && *policies != "[]" && *policies != "[{}]") {
    return not_supported("Policies");
  }
  STATOR_TRY(const auto data_type, input.text("DataType"));
  if (data_type && *data_type != "text") return not_supported("the data type " + *data_type);
  STATOR_TRY(const auto key, input.text("KeyId"));
  if (key && *key != "alias/aws/ssm") {
    return not_supported("KMS keys of one's own: KeyId may only be alias/aws/ssm");
  }
  return {};
}

/// A member that must be one of a few words.
template <class Words>
Result<std::optional<std::string>> read_word(const aws::Input& input, const char* member,
                                             const Words& words) {
  STATOR_TRY(auto word, input.text(member));
  if (!word || std::find(std::begin(words), std::end(words), *word) != std::end(words)) {
    return word;
  }
  return invalid("1 validation error detected: Value '" + *word + "' at '" + to_lower(member) +
                 "' failed to satisfy constraint: Member must satisfy enum "
                 "value set");
}

Result<NewVersion> read(const aws::Input& input) {
  NewVersion given;
  STATOR_TRY(given.value, input.required_text("Value"));
  STATOR_TRY(given.type, read_word(input, "Type", kTypes));
  STATOR_TRY(given.tier, read_word(input, "Tier", kTiers));
  STATOR_TRY(given.description, input.text("Description"));
  if (given.description && given.description->size() > kDescriptionBytesMax) {
    return invalid("A description has at most 1024 characters");
  }
  STATOR_TRY(auto pattern, input.text("AllowedPattern"));
  if (pattern && pattern->size() > kDescriptionBytesMax) {
    return invalid("An AllowedPattern has at most 1024 characters");
  }
  given.allowed_pattern = std::move(pattern).value_or("");
  STATOR_TRY(const auto is_overwriting, input.boolean("Overwrite"));
  given.is_overwriting = is_overwriting.value_or(false);
  STATOR_TRY(given.tags, tags_of(input));
  if (given.is_overwriting && !given.tags.empty()) {
    return invalid(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with "
        "tags, please remove overwrite flag. To update tags for an existing parameter, please use "
        "AddTagsToResource or RemoveTagsFromResource.");
  }
  if (input.has("KeyId") && given.type.value_or("SecureString") != "SecureString") {
    return invalid("KeyId is not required for String type parameter");
  }
  return given;
}

}  // namespace

aws::Operation put_parameter(Parameters& parameters) {
  const auto needs = [&parameters](const aws::Call& call,
                                   const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const auto name, input.required_text("Name"));
    STATOR_TRY(const auto is_overwriting, input.boolean("Overwrite"));
    const Reference reference{name};
    aws::Needs wanted{
        need_of("PutParameter", parameters, call, input, reference,
                {{"ssm:Overwrite", {is_overwriting.value_or(false) ? "true" : "false"}}})};
    if (input.has("Tags")) {
      wanted.push_back(need_of("AddTagsToResource", parameters, call, input, reference));
    }
    return wanted;
  };
  const auto handle = [&parameters](aws::Call& call,
                                    const aws::Input& input) -> Result<json::Object> {
    STATOR_TRY_VOID(check_supported(input));
    const auto place = place_of(call);
    STATOR_TRY(const auto name, input.required_text("Name"));
    STATOR_TRY_VOID(check_new_name(name, place));
    STATOR_TRY(auto given, read(input));
    given.now_ms = epoch_ms(call.now);
    given.modified_by = call.principal.arn;
    STATOR_TRY(const auto version, parameters.put(place, name, std::move(given)));
    return json::Object{{"Version", version.number}, {"Tier", version.tier}};
  };
  return aws::Operation::json("PutParameter", aws::ByName{}, needs, handle);
}

}  // namespace stator::ssm
