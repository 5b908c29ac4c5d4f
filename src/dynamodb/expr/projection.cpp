#include "dynamodb/expr/projection.hpp"

#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb::expr {

ProjectionTree::ProjectionTree(const std::vector<Path>& paths) {
  for (const Path& path : paths) {
    Branch* branch = &root_;
    for (const Step& step : path) {
      branch = step.is_index ? &branch->elements[step.index] : &branch->members[step.name];
    }
    branch->is_whole = true;
  }
}

bool ProjectionTree::append_json(const EncodedItem& item, std::string& out) const {
  return write_members(root_, item.as_map(), out);
}

bool ProjectionTree::write(const Branch& branch, const EncodedValue& value, std::string& out) {
  if (branch.is_whole) {
    value.append_json(out);
    return true;
  }
  const std::size_t start = out.size();
  bool has_written = false;
  if (value.type() == Type::kM && !branch.members.empty()) {
    out.append("{\"M\":");
    has_written = write_members(branch, value, out);
  } else if (value.type() == Type::kL && !branch.elements.empty()) {
    out.append("{\"L\":");
    has_written = write_elements(branch, value, out);
  }
  if (has_written) {
    out.push_back('}');
  } else {
    out.resize(start);
  }
  return has_written;
}

bool ProjectionTree::write_members(const Branch& branch, const EncodedValue& map,
                                   std::string& out) {
  bool has_written = false;
  out.push_back('{');
  map.for_each_member([&](std::string_view name, const EncodedValue& value) {
    const auto found = branch.members.find(name);
    if (found == branch.members.end()) return;
    const std::size_t start = out.size();
    if (has_written) out.push_back(',');
    append_json_string(out, name);
    out.push_back(':');
    if (write(found->second, value, out)) {
      has_written = true;
    } else {
      out.resize(start);
    }
  });
  out.push_back('}');
  return has_written;
}

bool ProjectionTree::write_elements(const Branch& branch, const EncodedValue& list,
                                    std::string& out) {
  bool has_written = false;
  std::uint32_t index = 0;
  out.push_back('[');
  list.for_each_element([&](const EncodedValue& value) {
    const auto found = branch.elements.find(index++);
    if (found == branch.elements.end()) return;
    const std::size_t start = out.size();
    if (has_written) out.push_back(',');
    if (write(found->second, value, out)) {
      has_written = true;
    } else {
      out.resize(start);
    }
  });
  out.push_back(']');
  return has_written;
}

}  // namespace stator::dynamodb::expr
