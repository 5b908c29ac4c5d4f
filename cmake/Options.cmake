# Every flag of the build, on one INTERFACE target that all modules link.
option(STATOR_WERROR "Treat warnings as errors" OFF)
option(STATOR_FUZZ "Build the fuzz targets (with clang, by the preset fuzz)" OFF)
option(STATOR_PRECOMPILE "Precompile common headers: a third less to compile without ccache" OFF)
set(STATOR_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined or thread")

set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)

find_program(STATOR_CCACHE ccache)
if(STATOR_CCACHE)
  set(launcher ${STATOR_CCACHE})
  if(STATOR_PRECOMPILE)
    # Without it ccache passes over whatever uses a precompiled header.
    list(PREPEND launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros)
  endif()
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

add_library(stator_options INTERFACE)
add_library(stator::options ALIAS stator_options)
target_compile_features(stator_options INTERFACE cxx_std_20)
# -Wrestrict misfires on std::string concatenation in GCC 12, -Wmaybe-uninitialized on std::optional.
target_compile_options(stator_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-restrict -Wno-maybe-uninitialized
  -Wno-missing-field-initializers
  $<$<BOOL:${STATOR_WERROR}>:-Werror>)
if(STATOR_SANITIZE)
  target_compile_options(stator_options INTERFACE -fsanitize=${STATOR_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(stator_options INTERFACE -fsanitize=${STATOR_SANITIZE})
endif()

find_program(STATOR_MOLD mold)
if(STATOR_MOLD)
  target_link_options(stator_options INTERFACE -fuse-ld=mold)
endif()

# Asio and Boost.JSON: one copy of each library's own code, no deprecated interfaces.
add_library(stator_asio INTERFACE)
add_library(stator::asio ALIAS stator_asio)
target_compile_definitions(stator_asio INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_USE_STD_STRING_VIEW)

# A Ninja pool of one for the few files that need gigabytes under sanitizers.
set_property(GLOBAL PROPERTY JOB_POOLS heavy=1)
