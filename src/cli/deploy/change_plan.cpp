#include "cli/deploy/change_plan.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"

namespace stator::cli {
namespace {

using Kind = PlannedChange::Kind;

constexpr std::size_t kValueShown = 60;
constexpr std::string_view kProperties = "/Properties/";

/// Types whose deletion loses something that no template brings back: items, objects, log lines,
/// values that were put there since, and keys that clients hold.
constexpr std::array<std::string_view, 9> kDataTypes = {
    "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable",
    "AWS::S3::Bucket",      "AWS::Logs::LogGroup",        "AWS::SSM::Parameter",
    "AWS::ECR::Repository", "AWS::IAM::AccessKey",        "AWS::CloudFormation::Stack",
};

std::string text(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

const json::Object* object_at(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

Kind kind_of(const std::string& action, const std::string& replacement) {
  if (action == "Add") return Kind::kAdd;
  if (action == "Remove") return Kind::kRemove;
  if (action == "Import") return Kind::kImport;
  if (replacement == "True") return Kind::kReplace;
  // "Dynamic" is an action that is known only when it comes to it.
  return replacement == "Conditional" || action == "Dynamic" ? Kind::kMayReplace : Kind::kChange;
}

PlannedProperty read_property(const json::Object& detail, const json::Object& target) {
  PlannedProperty property;
  const std::string path = text(target, "Path");
  if (path.starts_with(kProperties)) {
    property.path = path.substr(kProperties.size());
  } else if (text(target, "Attribute") == "Properties") {
    property.path = text(target, "Name");
  } else {
    property.path = text(target, "Attribute");
  }
  const auto before = json::find_string(target, "BeforeValue");
  const auto after = json::find_string(target, "AfterValue");
  property.has_before = before.has_value();
  property.has_after = after.has_value();
  property.before = before.value_or("");
  property.after = after.value_or("");
  const std::string recreation = text(target, "RequiresRecreation");
  property.recreates = recreation == "Always" || recreation == "Conditionally";
  property.causing_entity = text(detail, "CausingEntity");
  return property;
}

/// A property is told by each of its causes; one line is enough, with the values if any has them.
void add_property(PlannedChange& change, PlannedProperty property) {
  for (PlannedProperty& known : change.properties) {
    if (known.path != property.path) continue;
    if (!known.has_before && !known.has_after) {
      property.recreates = property.recreates || known.recreates;
      known = std::move(property);
    }
    return;
  }
  change.properties.push_back(std::move(property));
}

PlannedChange read_change(const json::Object& resource) {
  PlannedChange change;
  change.kind = kind_of(text(resource, "Action"), text(resource, "Replacement"));
  change.logical_id = text(resource, "LogicalResourceId");
  change.physical_id = text(resource, "PhysicalResourceId");
  change.type = text(resource, "ResourceType");
  const std::string policy = text(resource, "PolicyAction");
  change.is_kept = policy == "Retain" || policy == "ReplaceAndRetain" || policy == "Snapshot" ||
                   policy == "ReplaceAndSnapshot";
  const json::Value* details = json::find(resource, "Details");
  if (details == nullptr || !details->is_array()) return change;
  for (const json::Value& detail : details->get_array()) {
    const json::Object* target =
        detail.is_object() ? object_at(detail.get_object(), "Target") : nullptr;
    if (target != nullptr) add_property(change, read_property(detail.get_object(), *target));
  }
  return change;
}

struct Look {
  std::string_view sign, word, colour;
};
Look look_of(Kind kind) {
  switch (kind) {
    case Kind::kAdd:
      return {"+", "add", "32"};
    case Kind::kChange:
      return {"~", "change", "33"};
    case Kind::kReplace:
      return {"!", "replace", "31"};
    case Kind::kMayReplace:
      return {"?", "may be replaced", "31"};
    case Kind::kRemove:
      return {"-", "remove", "31"};
    case Kind::kImport:
      return {"<", "import", "32"};
  }
  return {};
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

/// One line of at most kValueShown characters, without what a terminal would obey.
std::string shown(const std::string& value) {
  std::string line;
  for (const char c : value) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  if (line.size() <= kValueShown) return line;
  std::size_t cut = kValueShown - 3;
  while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xc0) == 0x80) --cut;
  return line.substr(0, cut) + "...";
}

void print_property(std::ostream& out, const PlannedProperty& property, bool is_replacement) {
  out << "        " << property.path;
  if (property.has_before || property.has_after) {
    out << ": " << (property.has_before ? shown(property.before) : "(none)") << " -> "
        << (property.has_after ? shown(property.after) : "(none)");
  }
  if (!property.causing_entity.empty()) out << "  (by " << property.causing_entity << ")";
  if (is_replacement && property.recreates) out << "  <- cannot be changed in place";
  out << "\n";
}

}  // namespace

std::size_t ChangePlan::count(Kind kind) const {
  return static_cast<std::size_t>(std::count_if(
      changes.begin(), changes.end(), [kind](const auto& change) { return change.kind == kind; }));
}

void read_changes(const json::Object& answer, ChangePlan& plan) {
  const json::Value* changes = json::find(answer, "Changes");
  if (changes == nullptr || !changes->is_array()) return;
  for (const json::Value& change : changes->get_array()) {
    const json::Object* resource =
        change.is_object() ? object_at(change.get_object(), "ResourceChange") : nullptr;
    if (resource != nullptr) plan.changes.push_back(read_change(*resource));
  }
}

bool holds_data(std::string_view type) {
  return std::find(kDataTypes.begin(), kDataTypes.end(), type) != kDataTypes.end();
}

bool loses_data(const PlannedChange& change) {
  if (change.is_kept || !holds_data(change.type)) return false;
  // A nested stack is never replaced; what is in it is its own change set's to say.
  if (change.type == "AWS::CloudFormation::Stack") return change.kind == Kind::kRemove;
  return change.kind == Kind::kRemove || change.kind == Kind::kReplace ||
         change.kind == Kind::kMayReplace;
}

void print_plan(std::ostream& out, const ChangePlan& plan, bool has_colour) {
  std::size_t id_width = 0;
  for (const PlannedChange& change : plan.changes) {
    id_width = std::max(id_width, change.logical_id.size());
  }
  for (const PlannedChange& change : plan.changes) {
    const Look look = look_of(change.kind);
    std::string mark = std::string(look.sign) + " " + padded(std::string(look.word), 8);
    if (has_colour) mark = "\033[" + std::string(look.colour) + "m" + mark + "\033[0m";
    out << "  " << mark << " " << padded(change.logical_id, id_width) << "  " << change.type;
    if (change.is_kept) out << "  (the old one stays, outside the stack)";
    out << "\n";
    const bool is_replacement = change.kind == Kind::kReplace || change.kind == Kind::kMayReplace;
    for (const PlannedProperty& property : change.properties) {
      print_property(out, property, is_replacement);
    }
  }
}

std::string summary_of(const ChangePlan& plan) {
  std::vector<std::string> parts;
  const auto add = [&](Kind kind, std::string_view words) {
    const std::size_t count = plan.count(kind);
    if (count > 0) parts.push_back(std::to_string(count) + " " + std::string(words));
  };
  add(Kind::kAdd, "to add");
  add(Kind::kImport, "to import");
  add(Kind::kChange, "to change");
  add(Kind::kReplace, "to replace");
  add(Kind::kMayReplace, "that may be replaced");
  add(Kind::kRemove, "to remove");
  return parts.empty() ? "no resource changes" : join(parts, ", ");
}

std::string warning_of(const ChangePlan& plan) {
  std::string warning;
  for (const PlannedChange& change : plan.changes) {
    if (!loses_data(change)) continue;
    const std::string_view how = change.kind == Kind::kRemove    ? " is deleted"
                                 : change.kind == Kind::kReplace ? " is replaced by a new one"
                                                                 : " may be replaced by a new one";
    warning += "  " + change.logical_id + " (" + change.type +
               (change.physical_id.empty() ? "" : " " + change.physical_id) + ")" +
               std::string(how) + ", and what it holds is lost\n";
  }
  return warning;
}

}  // namespace stator::cli
