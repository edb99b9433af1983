"""What every room stands on and no room owns: policies, jobs, paging, money, time, forms.

Core has no models; its migrations prepare the database itself.
"""
