#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

/// Any text is a template or an error, and what is a template expands or is an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto loaded = stator::cloudformation::load_template(text)) {
    (*loaded)["Transform"] = stator::cloudformation::sam::kTransform;
    (void)stator::cloudformation::sam::expand(*std::move(loaded)).has_value();
  }
  return 0;
}
