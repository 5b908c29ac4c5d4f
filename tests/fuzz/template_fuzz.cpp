#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cloudformation/blueprint.hpp"
#include "cloudformation/expansion.hpp"
#include "cloudformation/language_extensions.hpp"
#include "cloudformation/sam/expand.hpp"
#include "cloudformation/yaml_loader.hpp"

using namespace stator::cloudformation;

/// Any text is a template or an error, what is a template expands by every transform or is an
/// error, and what expands is fit to be made or is an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const StackIdentity stack{"stack", "arn:aws:cloudformation:r:0:stack/stack/id", "0", "r"};
  Scope scope;
  scope.pseudo = pseudo_parameters(stack);
  scope.resource = [](std::string_view, std::string_view) -> stator::Result<stator::json::Value> {
    return stator::invalid("not known");
  };
  for (const bool is_extended : {false, true}) {
    auto loaded = load_template(text);
    if (!loaded) continue;
    stator::json::Array transforms;
    if (is_extended) transforms.push_back(stator::json::Value(kLanguageExtensions));
    transforms.push_back(stator::json::Value(sam::kTransform));
    (*loaded)["Transform"] = std::move(transforms);
    if (auto expansion = expand_template(*std::move(loaded), scope)) {
      (void)parse_template(expansion->body).has_value();
    }
  }
  BlueprintInput input{
      std::string(text), {}, {"CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"}, stack};
  input.outside.parameter = [](std::string_view name) -> stator::Result<StoredParameter> {
    return StoredParameter{name.size() % 2 == 0 ? "String" : "StringList", std::string(name)};
  };
  (void)make_blueprint(input).has_value();
  return 0;
}
