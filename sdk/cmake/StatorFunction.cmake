# Functions and layers in the form that Lambda takes them: a directory with an executable
# `bootstrap`, and a directory with `lib/`. Both are optimised and stripped in every build type: a function for
# size, because it waits for the network and is loaded at every cold start.
#
# The executable finds its loader and its libraries in /opt/lib, where the layer is mounted, so that
# it stays small and needs nothing of the system it runs on. The linker writes DT_RPATH and not
# DT_RUNPATH, because Lambda's LD_LIBRARY_PATH names the system's directories before /opt/lib and
# only DT_RPATH is searched before LD_LIBRARY_PATH.
#
# Function and SDK meet in a C interface alone, so each carries what it uses of the C++ runtime: the
# shared one costs a cold start half a millisecond of loading and relocation.

if(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
  set(STATOR_LOADER ld-linux-aarch64.so.1 CACHE INTERNAL "The loader's name in a layer")
else()
  set(STATOR_LOADER ld-linux-x86-64.so.2 CACHE INTERNAL "The loader's name in a layer")
endif()

# stator_add_function(name SOURCES … [DIRECTORY dir])
# builds <current binary dir>/<dir or name>/bootstrap.
function(stator_add_function name)
  cmake_parse_arguments(arg "" "DIRECTORY" "SOURCES" ${ARGN})
  if(NOT arg_DIRECTORY)
    set(arg_DIRECTORY ${name})
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    CXX_EXTENSIONS OFF SKIP_BUILD_RPATH ON
    OUTPUT_NAME bootstrap RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/${arg_DIRECTORY})
  target_compile_options(${name} PRIVATE
    -Os -g0 -fvisibility=hidden -ffunction-sections -fdata-sections)
  target_link_libraries(${name} PRIVATE stator_sdk)
  target_link_options(${name} PRIVATE
    -Wl,--dynamic-linker=/opt/lib/${STATOR_LOADER} -Wl,--disable-new-dtags,-rpath,/opt/lib
    -static-libstdc++ -static-libgcc -Wl,--gc-sections -Wl,-z,noseparate-code -s)
endfunction()

# stator_add_layer(name [DIRECTORY dir])
# builds <current binary dir>/<dir or name>/lib with the SDK, the loader, the C runtime and, where this
# machine has it, OpenSSL, which only https endpoints need.
function(stator_add_layer name)
  cmake_parse_arguments(arg "" "DIRECTORY" "" ${ARGN})
  if(NOT arg_DIRECTORY)
    set(arg_DIRECTORY ${name})
  endif()
  set(lib ${CMAKE_CURRENT_BINARY_DIR}/${arg_DIRECTORY}/lib)
  set(copies)
  foreach(file IN ITEMS ${STATOR_LOADER} libc.so.6 libm.so.6 libssl.so.3 libcrypto.so.3)
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${file}
      OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(IS_ABSOLUTE "${path}")
      file(REAL_PATH ${path} real)
      list(APPEND copies COMMAND ${CMAKE_COMMAND} -E copy ${real} ${lib}/${file})
    elseif(file MATCHES "ssl|crypto")
      message(STATUS "layer ${name}: no ${file}, so its functions cannot use https endpoints")
    else()
      message(FATAL_ERROR "layer ${name}: ${CMAKE_CXX_COMPILER} does not find ${file}")
    endif()
  endforeach()
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}.stamp)
  add_custom_command(OUTPUT ${stamp}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${lib} ${copies}
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:stator_sdk> ${lib}/$<TARGET_SONAME_FILE_NAME:stator_sdk>
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS stator_sdk COMMENT "layer ${name}" VERBATIM)
  add_custom_target(${name} ALL DEPENDS ${stamp})
endfunction()
