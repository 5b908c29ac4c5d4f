#include "cloudformation/exports.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "cloudformation/errors.hpp"

namespace stator::cloudformation {
namespace {

void add_exports(const json::Array& outputs, const std::string& stack_id,
                 std::vector<Export>& exports) {
  for (const json::Value& output : outputs) {
    if (!output.is_object()) continue;
    std::string name = text_of(output.get_object(), "ExportName");
    if (name.empty()) continue;
    exports.push_back({std::move(name), text_of(output.get_object(), "OutputValue"), stack_id});
  }
}

const Export* find(const std::vector<Export>& exports, std::string_view name) {
  for (const Export& item : exports) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

std::string stack_name_of(const std::string& stack_id) {
  const auto parts = split(stack_id, '/');
  return parts.size() > 1 ? std::string(parts[1]) : stack_id;
}

}  // namespace

Result<std::vector<Export>> list_exports(const StackStore& stacks, std::string_view account,
                                         std::string_view region) {
  STATOR_TRY(const std::vector<StackRecord> records, stacks.list(account, region));
  std::vector<Export> exports;
  for (const StackRecord& record : records) {
    if (!record.deleted) add_exports(record.outputs, record.identity.id, exports);
  }
  std::sort(exports.begin(), exports.end(),
            [](const Export& a, const Export& b) { return a.name < b.name; });
  return exports;
}

Result<std::string> find_export(const StackStore& stacks, std::string_view account,
                                std::string_view region, std::string_view name) {
  STATOR_TRY(const std::vector<Export> exports, list_exports(stacks, account, region));
  const Export* found = find(exports, name);
  if (found == nullptr) return validation_error("No export named " + std::string(name) + " found.");
  return found->value;
}

Result<std::vector<std::string>> list_imports(const StackStore& stacks, std::string_view account,
                                              std::string_view region, std::string_view name) {
  STATOR_TRY(const std::vector<StackRecord> records, stacks.list(account, region));
  std::vector<std::string> importers;
  for (const StackRecord& record : records) {
    const auto& imports = record.imports;
    if (record.deleted || std::find(imports.begin(), imports.end(), name) == imports.end())
      continue;
    importers.push_back(record.identity.name);
  }
  std::sort(importers.begin(), importers.end());
  return importers;
}

Result<void> check_exports(const StackStore& stacks, const StackRecord& record,
                           const json::Array& outputs) {
  const StackIdentity& stack = record.identity;
  std::vector<Export> before, after;
  add_exports(record.outputs, stack.id, before);
  add_exports(outputs, stack.id, after);
  if (before.empty() && after.empty()) return {};
  STATOR_TRY(const std::vector<Export> all, list_exports(stacks, stack.account, stack.region));
  for (const Export& wanted : after) {
    for (const Export& other : all) {
      if (other.name != wanted.name || other.stack_id == stack.id) continue;
      return validation_error("Export with name " + wanted.name + " is already exported by stack " +
                              stack_name_of(other.stack_id));
    }
  }
  for (const Export& old : before) {
    const Export* now = find(after, old.name);
    if (now != nullptr && now->value == old.value) continue;
    STATOR_TRY(const std::vector<std::string> importers,
               list_imports(stacks, stack.account, stack.region, old.name));
    if (importers.empty()) continue;
    return validation_error("Export " + old.name + " cannot be " +
                            (now == nullptr ? "deleted" : "updated") + " as it is in use by " +
                            join(importers, ", "));
  }
  return {};
}

}  // namespace stator::cloudformation
