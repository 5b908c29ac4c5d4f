#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cloudformation/blueprint.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

using namespace stator::cloudformation;

/// Any text is a template or an error, what is a template expands or is an error, and what expands
/// is fit to be made or is an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (auto loaded = load_template(text)) {
    (*loaded)["Transform"] = sam::kTransform;
    (void)sam::expand(*std::move(loaded)).has_value();
  }
  const BlueprintInput input{std::string(text),
                             {},
                             {"CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"},
                             {"stack", "arn:aws:cloudformation:r:0:stack/stack/id", "0", "r"}};
  (void)make_blueprint(input).has_value();
  return 0;
}
