# Functions and layers in the form that Lambda takes them: a directory with an executable
# `bootstrap`, a directory with `lib/`, and a zip of each. All are optimised and stripped in every build
# type: a function for size, because it waits for the network and is loaded at every cold start.
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
set(STATOR_PACK ${CMAKE_CURRENT_LIST_DIR}/pack.py CACHE INTERNAL "Packs a directory")
find_program(STATOR_PACK_PYTHON NAMES python3 DOC "Runs pack.py, for the zip targets")

# Adds the target <name>_zip, which packs the directory of target <name>; not part of `all`.
function(stator_add_zip name directory depends)
  if(NOT STATOR_PACK_PYTHON)
    return()
  endif()
  set(zip ${CMAKE_CURRENT_BINARY_DIR}/${name}.zip)
  add_custom_command(OUTPUT ${zip}
    COMMAND ${STATOR_PACK_PYTHON} ${STATOR_PACK} ${directory} ${zip}
    DEPENDS ${depends} ${STATOR_PACK} COMMENT "${name}.zip" VERBATIM)
  add_custom_target(${name}_zip DEPENDS ${zip})
endfunction()

# stator_add_function(name SOURCES … [DIRECTORY dir] [STATIC])
# builds <current binary dir>/<dir or name>/bootstrap, and on demand (targets <name>_zip, <name>_local)
# <name>.zip and an unoptimised <name>_local that runs on this machine without its layer, for a
# debugger: see `<name>_local --help`.
# What is stripped off is in <dir or name>.debug beside the directory: addr2line -e create.debug -Cfi
# 0x1a2b is the line that a stack's frame bootstrap+0x1a2b means.
# STATIC makes one file that needs no layer and nothing else; it has no TLS, so that it reaches http
# endpoints only, and finds hosts by /etc/hosts and DNS alone.
function(stator_add_function name)
  cmake_parse_arguments(arg "STATIC" "DIRECTORY" "SOURCES" ${ARGN})
  if(NOT arg_DIRECTORY)
    set(arg_DIRECTORY ${name})
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${arg_DIRECTORY})
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES
    CXX_EXTENSIONS OFF SKIP_BUILD_RPATH ON
    OUTPUT_NAME bootstrap RUNTIME_OUTPUT_DIRECTORY ${directory})
  target_compile_options(${name} PRIVATE
    -Os -g1 -fvisibility=hidden -ffunction-sections -fdata-sections
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
  # No build id: it would differ with what is stripped off. The wrapper is named, because in a function
  # that throws nothing itself the C++ runtime alone asks for it, and that comes after it.
  target_link_options(${name} PRIVATE -Wl,--wrap=__cxa_throw -Wl,-u,__wrap___cxa_throw
    -Wl,--gc-sections -Wl,-z,noseparate-code -Wl,--build-id=none)
  if(arg_STATIC)
    target_link_libraries(${name} PRIVATE stator_sdk_single stator_sdk_throw)
    target_link_options(${name} PRIVATE -static)
  else()
    target_link_libraries(${name} PRIVATE stator_sdk stator_sdk_throw)
    target_link_options(${name} PRIVATE
      -Wl,--dynamic-linker=/opt/lib/${STATOR_LOADER} -Wl,--disable-new-dtags,-rpath,/opt/lib
      -static-libstdc++ -static-libgcc)
  endif()
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_OBJCOPY} --only-keep-debug $<TARGET_FILE:${name}> ${directory}.debug
    COMMAND ${CMAKE_STRIP} --strip-all $<TARGET_FILE:${name}> VERBATIM)
  stator_add_zip(${name} ${directory} ${name})

  add_executable(${name}_local EXCLUDE_FROM_ALL ${arg_SOURCES})
  set_target_properties(${name}_local PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${name}_local PRIVATE -O0 -g)
  target_link_libraries(${name}_local PRIVATE stator_sdk stator_sdk_throw)
  target_link_options(${name}_local PRIVATE -Wl,--wrap=__cxa_throw -Wl,-u,__wrap___cxa_throw)
endfunction()

# stator_add_layer(name [DIRECTORY dir])
# builds <current binary dir>/<dir or name>/lib with the SDK, the loader, the C runtime and, where this
# machine has it, OpenSSL, which only https endpoints need; and on demand (<name>_zip) <name>.zip.
function(stator_add_layer name)
  cmake_parse_arguments(arg "" "DIRECTORY" "" ${ARGN})
  if(NOT arg_DIRECTORY)
    set(arg_DIRECTORY ${name})
  endif()
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/${arg_DIRECTORY})
  set(lib ${directory}/lib)
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
  stator_add_zip(${name} ${directory} ${stamp})
endfunction()
