#include "ssm/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/regex.hpp"
#include "ssm/errors.hpp"
#include "storage/key.hpp"

namespace stator::ssm {
namespace {

using storage::Batch;
using storage::Family;

constexpr std::size_t kStandardBytesMax = 4'096;
constexpr std::size_t kAdvancedBytesMax = 8'192;

std::string seal_context(const Place& place, std::string_view name, std::int64_t number) {
  return parameter_arn(place, name) + ":" + std::to_string(number);
}

/// The tier that the value gets, which is never lower than the one that the parameter has.
Result<std::string> choose_tier(const NewVersion& given, const Version* old) {
  const bool was_advanced = old != nullptr && old->tier == "Advanced";
  std::string tier = given.tier.value_or(was_advanced ? "Advanced" : "Standard");
  if (tier == "Intelligent-Tiering") {
    tier = was_advanced || given.value.size() > kStandardBytesMax ? "Advanced" : "Standard";
  }
  if (tier == "Standard" && was_advanced) {
    return invalid(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
        "advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the "
        "advanced parameter and recreate it as a standard parameter.");
  }
  if (tier == "Standard" && given.value.size() > kStandardBytesMax) {
    return invalid(
        "Standard tier parameters support a maximum parameter value of 4096 characters. To create "
        "a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For "
        "more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/"
        "parameter-store-advanced-parameters.html");
  }
  if (given.value.size() > kAdvancedBytesMax) {
    return invalid(
        "Advanced tier parameters support a maximum parameter value of 8192 characters.");
  }
  return tier;
}

Result<void> check_pattern(const NewVersion& given) {
  if (given.allowed_pattern.empty()) return {};
  auto regex = Regex::parse(given.allowed_pattern);
  if (!regex) {
    Error error = std::move(regex).error();
    error.aws_type = "InvalidAllowedPatternException";
    return error;
  }
  if (regex->matches(given.value)) return {};
  return ssm_error(
      ErrorCode::kInvalid, "ParameterPatternMismatchException",
      "Parameter value, cannot be validated against allowedPattern: " + given.allowed_pattern);
}

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<Version> Parameters::put(const Place& place, const std::string& name, NewVersion given) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto found, find_parameter(place, name));
  Version version;
  std::optional<Version> old;
  if (found) {
    if (!given.is_overwriting) {
      return ssm_error(ErrorCode::kConflict, "ParameterAlreadyExists",
                       "The parameter already exists. To overwrite this value, set the overwrite "
                       "option in the request to true.");
    }
    STATOR_TRY(old, find_version(place, name, found->latest));
    if (!old) return internal("ssm: the newest version of a parameter is missing");
  } else {
    STATOR_TRY_VOID(check_room(place));
    if (!given.type) return invalid("A parameter type is required when you create a parameter.");
    found = Parameter{name, 0, std::move(given.tags)};
  }
  STATOR_TRY(version.tier, choose_tier(given, old ? &*old : nullptr));
  STATOR_TRY_VOID(check_pattern(given));
  version.number = ++found->latest;
  version.type = given.type ? *given.type : old->type;
  version.description = given.description.value_or(old ? old->description : "");
  version.allowed_pattern = std::move(given.allowed_pattern);
  version.modified_ms = given.now_ms;
  version.modified_by = std::move(given.modified_by);
  version.value = version.type == "SecureString"
                      ? sealer_.seal(seal_context(place, name, version.number), given.value)
                      : std::move(given.value);
  Batch batch;
  STATOR_TRY_VOID(drop_oldest(place, name, batch));
  batch.put(Family::kMeta, parameter_key(place, name), dump(*found));
  batch.put(Family::kMeta, version_key(place, name, version.number), dump(version));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return version;
}

Result<void> Parameters::check_room(const Place& place) const {
  const auto all =
      store_.iterate(Family::kMeta, storage::prefix_range(parameters_prefix(place, "")));
  std::size_t count = 0;
  for (all->seek_first(); all->valid() && count < kParametersMax; all->next()) ++count;
  STATOR_TRY_VOID(all->status());
  if (count < kParametersMax) return {};
  return ssm_error(ErrorCode::kInvalid, "ParameterLimitExceeded",
                   "You have exceeded the number of parameters for this AWS account. Delete one or "
                   "more parameters and try again.");
}

/// Makes room for one more version. The oldest goes unless a label holds it.
Result<void> Parameters::drop_oldest(const Place& place, std::string_view name,
                                     Batch& batch) const {
  STATOR_TRY(const auto versions, history(place, name));
  if (versions.size() < kVersionsMax) return {};
  const Version& oldest = versions.front();
  if (!oldest.labels.empty()) {
    return ssm_error(ErrorCode::kInvalid, "ParameterMaxVersionLimitExceeded",
                     "You attempted to create a new version of " + std::string(name) +
                         " by calling the PutParameter API with the overwrite flag. Version " +
                         std::to_string(oldest.number) +
                         ", the oldest version, can't be deleted because it has a label associated "
                         "with it. Move the label to another version of the parameter, and try "
                         "again.");
  }
  batch.erase(Family::kMeta, version_key(place, name, oldest.number));
  return {};
}

Result<std::optional<Parameter>> Parameters::find_parameter(const Place& place,
                                                            std::string_view name) const {
  STATOR_TRY(const auto record, store_.get(Family::kMeta, parameter_key(place, name)));
  if (!record) return std::optional<Parameter>();
  STATOR_TRY(auto parameter, parse_parameter(std::string(name), *record));
  return std::optional<Parameter>(std::move(parameter));
}

Result<std::optional<Version>> Parameters::find_version(const Place& place, std::string_view name,
                                                        std::int64_t number) const {
  STATOR_TRY(const auto record, store_.get(Family::kMeta, version_key(place, name, number)));
  if (!record) return std::optional<Version>();
  STATOR_TRY(auto version, parse_version(*record));
  return std::optional<Version>(std::move(version));
}

Result<Found> Parameters::find(const Place& place, const Reference& reference) const {
  std::string name = reference.name;
  STATOR_TRY(auto parameter, find_parameter(place, name));
  if (!parameter && reference.may_have_slash) {
    name = "/" + name;
    STATOR_TRY(parameter, find_parameter(place, name));
  }
  if (!parameter) return no_such_parameter(reference.name);
  const std::string_view selector =
      std::string_view(reference.selector).substr(reference.selector.empty() ? 0 : 1);
  const auto number = reference.selector.empty() ? parameter->latest : number_in(selector);
  if (number) {
    STATOR_TRY(auto version, find_version(place, name, *number));
    if (!version) return no_such_version("version " + std::to_string(*number), name);
    return Found{std::move(*parameter), std::move(*version), reference.selector};
  }
  STATOR_TRY(auto versions, history(place, name));
  for (auto& version : versions) {
    if (version.labels.contains(std::string(selector))) {
      return Found{std::move(*parameter), std::move(version), reference.selector};
    }
  }
  return no_such_version("label " + std::string(selector), name);
}

Result<std::vector<Version>> Parameters::history(const Place& place, std::string_view name) const {
  const auto records =
      store_.iterate(Family::kMeta, storage::prefix_range(versions_prefix(place, name)));
  std::vector<Version> versions;
  for (records->seek_first(); records->valid(); records->next()) {
    STATOR_TRY(auto version, parse_version(records->value()));
    versions.push_back(std::move(version));
  }
  STATOR_TRY_VOID(records->status());
  return versions;
}

Result<bool> Parameters::remove(const Place& place, std::string_view name) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(const auto found, find_parameter(place, name));
  if (!found) return false;
  Batch batch;
  batch.erase(Family::kMeta, parameter_key(place, name));
  const auto versions = storage::prefix_range(versions_prefix(place, name));
  batch.erase_range(Family::kMeta, versions.begin, versions.end);
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return true;
}

Result<void> Parameters::walk(const Place& place, std::string_view prefix, std::string_view after,
                              const std::function<bool(const Found&)>& visit) const {
  const auto records =
      store_.iterate(Family::kMeta, storage::prefix_range(parameters_prefix(place, prefix)));
  records->seek_first();
  if (!after.empty() && records->valid()) {
    const std::string last = parameter_key(place, after);
    if (records->key() <= last) records->seek(last);
    if (records->valid() && records->key() == last) records->next();
  }
  for (; records->valid(); records->next()) {
    auto parts = storage::split_path_key(records->key());
    STATOR_CHECK(parts && !parts->empty());
    STATOR_TRY(auto parameter, parse_parameter(std::move(parts->back()), records->value()));
    STATOR_TRY(auto version, find_version(place, parameter.name, parameter.latest));
    // A parameter that is changed or removed meanwhile is passed over.
    if (version && !visit({std::move(parameter), std::move(*version)})) break;
  }
  return records->status();
}

Result<void> Parameters::label(const Place& place, const Found& found,
                               const std::set<std::string>& labels) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto versions, history(place, found.parameter.name));
  Batch batch;
  for (auto& version : versions) {
    const auto before = version.labels;
    for (const auto& label : labels) version.labels.erase(label);
    if (version.number == found.version.number) {
      version.labels.insert(labels.begin(), labels.end());
      if (version.labels.size() > kLabelsMax) {
        return ssm_error(ErrorCode::kInvalid, "ParameterVersionLabelLimitExceeded",
                         "An error occurred (ParameterVersionLabelLimitExceeded) when calling the "
                         "LabelParameterVersion operation: A parameter version can have maximum 10 "
                         "labels.");
      }
    }
    if (version.labels == before) continue;
    batch.put(Family::kMeta, version_key(place, found.parameter.name, version.number),
              dump(version));
  }
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

Result<std::set<std::string>> Parameters::unlabel(const Place& place, const Found& found,
                                                  const std::set<std::string>& labels) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto version, find_version(place, found.parameter.name, found.version.number));
  std::set<std::string> removed;
  if (!version) return removed;
  for (const auto& label : labels) {
    if (version->labels.erase(label) != 0) removed.insert(label);
  }
  Batch batch;
  batch.put(Family::kMeta, version_key(place, found.parameter.name, version->number),
            dump(*version));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return removed;
}

Result<void> Parameters::update_tags(
    const Place& place, std::string_view name,
    const std::function<Result<void>(std::map<std::string, std::string>&)>& change) {
  const std::lock_guard lock(mutex_);
  STATOR_TRY(auto found, find_parameter(place, name));
  if (!found) {
    return ssm_error(ErrorCode::kNotFound, "InvalidResourceId",
                     "The resource ID " + std::string(name) + " is not valid.");
  }
  STATOR_TRY_VOID(change(found->tags));
  Batch batch;
  batch.put(Family::kMeta, parameter_key(place, name), dump(*found));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

Result<std::string> Parameters::value(const Place& place, const Found& found,
                                      bool is_decrypting) const {
  if (!is_decrypting || found.version.type != "SecureString") return found.version.value;
  auto plain = sealer_.open(seal_context(place, found.parameter.name, found.version.number),
                            found.version.value);
  if (!plain) return internal("ssm: a SecureString does not open with this server's key");
  return std::move(*plain);
}

}  // namespace stator::ssm
