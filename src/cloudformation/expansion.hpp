#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/functions.hpp"
#include "cloudformation/parameters.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// A template whose transforms have been applied.
struct Expansion {
  json::Object body;                    ///< plain CloudFormation, without Transform and Globals
  std::vector<std::string> transforms;  ///< as the template declares them
};

/// The transforms that a template asks for. ValidationError naming one that there is none of.
[[nodiscard]] Result<std::vector<std::string>> declared_transforms(const json::Object& loaded);

/// Applies AWS::LanguageExtensions and AWS::Serverless-2016-10-31 where `loaded` asks for them.
/// `scope` has the pseudo parameters and as many of the template's parameters as are known.
/// ValidationError naming every other transform; errors carry their place (places.hpp).
[[nodiscard]] Result<Expansion> expand_template(json::Object loaded, const Scope& scope);

/// The same for the text of a template of which nothing but `given` is known, for tools that show
/// it: parameters without value stay references. Errors end in the line.
[[nodiscard]] Result<Expansion> expand_text(std::string_view text, const GivenParameters& given,
                                            const StackIdentity& stack);

/// Of the parameters those that have a value, the given or the default one, without complaint about
/// the others.
[[nodiscard]] Parameters known_parameters(const json::Object& declared,
                                          const GivenParameters& given);

}  // namespace stator::cloudformation
