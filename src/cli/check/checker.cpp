#include "cli/check/checker.hpp"

#include <algorithm>
#include <charconv>

#include "cli/deploy/package.hpp"
#include "cloudformation/blueprint.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/template.hpp"
#include "json/yaml_lines.hpp"

namespace stator::cli {
namespace {

constexpr std::size_t kTemplateMax = 1'000'000;
constexpr const char* kAccount = "000000000000";
constexpr const char* kRegion = "us-east-1";

const json::Object* object_at(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

}  // namespace

void Checker::add(Weight weight, const std::string& resource, std::vector<std::string> steps,
                  std::string text) {
  const std::string written = written_resource(file_, resource);
  std::vector<std::string> path;
  if (!written.empty()) {
    path = {"Resources", written};
    path.insert(path.end(), steps.begin(), steps.end());
  }
  const auto line = path.empty() ? std::nullopt : json::line_of(file_.text, path);
  Finding finding{weight, line.value_or(0), written.empty() ? resource : written, std::move(text)};
  const bool is_told = std::any_of(findings_.begin(), findings_.end(), [&](const Finding& each) {
    return each.line == finding.line && each.text == finding.text;
  });
  if (!is_told) findings_.push_back(std::move(finding));
}

void Checker::add(Weight weight, const Resource& resource, std::string_view property,
                  std::string text) {
  add(weight, resource.logical_id, {"Properties", std::string(property)}, std::move(text));
}

std::optional<std::string> Checker::literal(const json::Value& value) const {
  if (value.is_string()) return std::string(json::view(value.get_string()));
  if (value.is_number() || value.is_bool()) return json::dump(value);
  if (!value.is_object()) return std::nullopt;
  const auto ref = json::find_string(value.get_object(), "Ref");
  const auto found = ref ? parameters_.find(*ref) : parameters_.end();
  if (found == parameters_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Checker::text_of(const Resource& resource,
                                            std::string_view property) const {
  const json::Value* value = json::find(*resource.properties, property);
  return value == nullptr ? std::nullopt : literal(*value);
}

std::optional<std::int64_t> Checker::number_of(const Resource& resource,
                                               std::string_view property) const {
  const auto text = text_of(resource, property);
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

void Checker::read_code() {
  for (const LocalPath& each : local_paths(file_.body, file_.path.parent_path())) {
    auto facts = cli::read_code(each.path);
    if (facts) {
      code_.emplace(each.resource, *std::move(facts));
    } else {
      add(Weight::kRefused, each.resource, {"Properties"}, facts.error().message);
    }
  }
}

bool Checker::expand() {
  const cloudformation::StackIdentity stack{
      .name = default_stack_name(file_),
      .id = std::string("arn:aws:cloudformation:") + kRegion + ":" + kAccount + ":stack/x/y",
      .account = kAccount,
      .region = kRegion};
  auto expansion =
      cloudformation::expand_text(json::dump(with_pretended_places(file_.body)), given_, stack);
  if (!expansion) {
    const Error error = placed(file_, expansion.error());
    const auto line = line_of_message(file_, error.message);
    findings_.push_back({Weight::kRefused, line.value_or(0), "", error.message});
    return false;
  }
  expanded_ = std::move(expansion->body);
  if (const json::Object* declared = object_at(expanded_, "Parameters")) {
    for (const auto& [key, parameter] : cloudformation::known_parameters(*declared, given_)) {
      parameters_[key] = parameter.text;
    }
  }
  if (const json::Object* resources = object_at(expanded_, "Resources")) {
    static const json::Object kNone;
    for (const auto& entry : *resources) {
      if (!entry.value().is_object()) continue;
      const json::Object& resource = entry.value().get_object();
      const json::Object* properties = object_at(resource, "Properties");
      resources_.push_back({std::string(entry.key()),
                            json::find_string(resource, "Type").value_or(""),
                            properties == nullptr ? &kNone : properties});
    }
  }
  return true;
}

void Checker::check_capabilities() {
  const auto parsed = cloudformation::parse_template(expanded_);
  if (!parsed) {
    findings_.push_back({Weight::kRefused,
                         line_of_message(file_, parsed.error().message).value_or(0), "",
                         parsed.error().message});
    return;
  }
  const bool is_transformed = json::find(file_.body, "Transform") != nullptr;
  const auto needed = cloudformation::needed_capabilities(*parsed, is_transformed);
  if (needed.names.empty()) return;
  std::string names;
  for (const std::string& name : needed.names) names += (names.empty() ? "" : ", ") + name;
  findings_.push_back(
      {Weight::kNote, 0, "",
       "needs " + names + ", which stator deploy acknowledges; other clients must be told"});
}

void Checker::check_template() {
  if (json::dump(file_.body).size() > kTemplateMax) {
    findings_.push_back({Weight::kRefused, 0, "", "the template has more than 1,000,000 bytes"});
  }
  check_capabilities();
}

void Checker::check_range(const Resource& resource, std::string_view property, std::int64_t least,
                          std::int64_t most) {
  const auto number = number_of(resource, property);
  if (!number || (*number >= least && *number <= most)) return;
  add(Weight::kRefused, resource, property,
      std::string(property) + " must be " + std::to_string(least) + " to " + std::to_string(most));
}

void Checker::check_name(const Resource& resource, std::string_view property, std::size_t longest) {
  const auto name = text_of(resource, property);
  if (!name || name->size() <= longest) return;
  add(Weight::kRefused, resource, property,
      std::string(property) + " has " + std::to_string(name->size()) + " characters, at most " +
          std::to_string(longest));
}

void Checker::check_resource(const Resource& resource) {
  if (resource.type == "AWS::Lambda::Function") return check_function(resource);
  if (resource.type == "AWS::Lambda::LayerVersion") return check_layer(resource);
  if (resource.type == "AWS::IAM::Role") return check_name(resource, "RoleName", 64);
  if (resource.type == "AWS::IAM::User") return check_name(resource, "UserName", 64);
  if (resource.type == "AWS::DynamoDB::Table") return check_name(resource, "TableName", 255);
  if (resource.type == "AWS::Logs::LogGroup") return check_name(resource, "LogGroupName", 512);
  if (resource.type == "AWS::ApiGatewayV2::Integration") {
    return check_range(resource, "TimeoutInMillis", 50, 30'000);
  }
  if (resource.type == "AWS::S3::Bucket" && text_of(resource, "BucketName")) {
    check_name(resource, "BucketName", 63);
    add(Weight::kDifferent, resource, "BucketName",
        "a bucket's name is one of its kind among all accounts of AWS: it may be taken");
  }
  if (resource.type == "AWS::ApiGatewayV2::DomainName") {
    add(Weight::kDifferent, resource, "DomainNameConfigurations",
        "AWS needs a certificate of ACM in this region, and a DNS record of your own");
  }
}

std::vector<Finding> Checker::run() {
  read_code();
  if (expand()) {
    check_template();
    for (const Resource& resource : resources_) check_resource(resource);
  }
  std::stable_sort(findings_.begin(), findings_.end(),
                   [](const Finding& a, const Finding& b) { return a.line < b.line; });
  return findings_;
}

void print_findings(std::ostream& out, const TemplateFile& file,
                    const std::vector<Finding>& findings) {
  std::size_t refused = 0;
  for (const Finding& finding : findings) {
    const bool is_refused = finding.weight == Finding::Weight::kRefused;
    refused += is_refused ? 1 : 0;
    const std::string place =
        finding.line == 0 ? file.path.filename().string() + ": " : place_text(file, finding.line);
    const char* word = is_refused                                      ? "refused   "
                       : finding.weight == Finding::Weight::kDifferent ? "different "
                                                                       : "note      ";
    out << place << word << (finding.resource.empty() ? "" : finding.resource + ": ")
        << finding.text << "\n";
  }
  if (refused == 0) {
    out << "nothing found that AWS refuses\n";
  } else {
    out << refused << (refused == 1 ? " thing" : " things") << " that AWS refuses\n";
  }
}

}  // namespace stator::cli
