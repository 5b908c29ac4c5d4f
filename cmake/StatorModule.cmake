include(GoogleTest)

# Headers that nearly every file includes are compiled once a target, where that pays: from a dozen files
# on. all_verify_interface_header_sets still compiles every header by itself.
function(stator_precompile target)
  list(LENGTH ARGN count)
  if(NOT STATOR_PRECOMPILE OR count LESS 12)
    return()
  endif()
  set(headers <algorithm> <array> <atomic> <chrono> <functional> <map> <memory> <mutex> <optional> <span>
      <string> <string_view> <unordered_map> <utility> <variant> <vector>)
  get_target_property(libraries ${target} LINK_LIBRARIES)
  if("stator::json" IN_LIST libraries OR target MATCHES "_test$")
    list(APPEND headers <json/json.hpp>)
  endif()
  if(target MATCHES "_test$")
    list(APPEND headers <gtest/gtest.h>)
  endif()
  target_precompile_headers(${target} PRIVATE ${headers})
  # GCC forgets that these are the system's headers, whose false alarms it keeps to itself otherwise.
  target_compile_options(${target} PRIVATE
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
endfunction()

# stator_module(name SOURCES … HEADERS … TESTS … DEPS … PRIVATE_DEPS …)
#
# One folder of src/ becomes the static library stator_<name> (alias stator::<name>) and, where it has
# tests, the executable <name>_test whose cases ctest lists as <name>.<Suite>.<Case>.
# Headers are checked to be self-contained by the target all_verify_interface_header_sets.
function(stator_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;TESTS;DEPS;PRIVATE_DEPS;TEST_DEPS" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "stator_module(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()

  add_library(stator_${name} STATIC ${arg_SOURCES})
  add_library(stator::${name} ALIAS stator_${name})
  set_target_properties(stator_${name} PROPERTIES
    CXX_EXTENSIONS OFF VERIFY_INTERFACE_HEADER_SETS ON POSITION_INDEPENDENT_CODE ON)
  target_sources(stator_${name} PUBLIC
    FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${arg_HEADERS})
  target_link_libraries(stator_${name} PUBLIC stator::options ${arg_DEPS} PRIVATE ${arg_PRIVATE_DEPS})

  stator_precompile(stator_${name} ${arg_SOURCES})

  if(arg_TESTS)
    add_executable(${name}_test ${arg_TESTS})
    set_target_properties(${name}_test PROPERTIES CXX_EXTENSIONS OFF)
    # A test's own code is compiled far longer than it runs.
    target_compile_options(${name}_test PRIVATE -O0)
    target_link_libraries(${name}_test PRIVATE
      stator::${name} ${arg_PRIVATE_DEPS} ${arg_TEST_DEPS} stator_rapidcheck GTest::gtest GTest::gtest_main)
    stator_precompile(${name}_test ${arg_TESTS})
    gtest_discover_tests(${name}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST
      PROPERTIES TIMEOUT 120)
  endif()
endfunction()
